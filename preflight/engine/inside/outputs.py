"""What a registered resource answers: its inputs, completed by what is certain and by stand-ins.

Two answers differ on purpose. The program gets a value for every declared output, so that its code runs. The pack is
sent the same where the value is certain or carries a mark; where a provider would compute a default for an input that
nobody gave, the pack is sent the unknown, because an invented value there would be judged as if it were real.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from google.protobuf import struct_pb2

from . import canaries, identifiers, invented, shapes, synthesis, wire
from .invented import Hangs
from .texts import Subject, resource_id, text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .shapes import Property, Shape

# Outputs that repeat an input: all tags are the given ones (and the provider's default tags, which nothing judges).
_REPEATED: Final = {"tagsAll": "tags"}
_DEFAULT_PARTS: Final = {"path": "/"}
_PLAIN: Final[dict[str | None, type]] = {
    "string_value": str,
    "number_value": float,
    "bool_value": bool,
    "list_value": list,
    "struct_value": dict,
    "null_value": type(None),
    None: type(None),
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """The provider's id and the outputs as the program and as the pack get them.

    `invented` says of those of the program's that hold inventions without a token what of them hangs on these.
    """

    id: str
    program: struct_pb2.Struct
    pack: struct_pb2.Struct
    invented: Mapping[str, Hangs] = field(default_factory=dict)


def build(
    subject: Subject,
    shape: Shape | None,
    inputs: struct_pb2.Struct,
    shown: struct_pb2.Struct,
    secret: Collection[str],
) -> Outputs:
    """The outputs of a resource with the checked `inputs`, of which the pack sees `shown`.

    `secret` names the outputs to mark as secret.
    Without a shape (a type that no class declares) the outputs are the inputs.
    """
    program, pack = struct_pb2.Struct(), struct_pb2.Struct()
    program.CopyFrom(inputs)
    pack.CopyFrom(shown)
    templates = identifiers.templates(subject.type) if shape is not None else {}
    certain = _Certain(subject, shape, shown, templates)
    hanging: dict[str, Hangs] = {}
    for item in shape.outputs if shape is not None else ():
        if _is_given(inputs, item.name):
            hangs = _fit(subject, item.type, item.name, program.fields[item.name], pack.fields[item.name])
            if (subject.type, item.name) in identifiers.WITHOUT_SCHEME:
                _take_scheme(program.fields[item.name])
                _take_scheme(pack.fields[item.name])
        else:
            hangs = _complete(item, certain, program, pack, secret)
        if hangs:
            hanging[item.name] = hangs
    for name in secret:
        for struct in (program, pack):
            if name in struct.fields:
                wire.mark_secret(struct.fields[name])
    return Outputs(certain.output("id") or resource_id(subject, certain.input), program, pack, hanging)


def _complete(
    item: Property,
    certain: _Certain,
    program: struct_pb2.Struct,
    pack: struct_pb2.Struct,
    secret: Collection[str],
) -> Hangs:
    """Fill in an output that no input gives; the answer says what of the program's value hangs on inventions."""
    name, subject = item.name, certain.subject
    known = certain.output(name)
    if known is not None:
        program.fields[name].string_value = known
        pack.fields[name].string_value = known
        return Hangs.NOTHING
    if name in _REPEATED and not item.settable:
        for struct in (program, pack):
            if _is_given(struct, _REPEATED[name]):
                struct.fields[name].CopyFrom(struct.fields[_REPEATED[name]])
            else:
                struct.fields[name].struct_value.Clear()
        return Hangs.NOTHING
    if item.settable and item.optional:
        return Hangs.NOTHING
    if item.type is str and (name in secret or canaries.is_credential(subject.type, name)):
        value: wire.Plain = canaries.canary(subject.type, subject.key, name, certain.inputs())
        sent = wire.UNKNOWN if item.settable else value
    else:
        value = synthesis.for_program(subject, item.type, name, name)
        sent = wire.UNKNOWN if item.settable else synthesis.for_pack(subject, item.type, name, name)
    if value is not None:
        wire.assign(program.fields[name], value)
    wire.assign(pack.fields[name], sent)
    return invented.hanging(value)


class _Certain:
    """The certain outputs of one resource, each worked out at most once."""

    def __init__(
        self, subject: Subject, shape: Shape | None, inputs: struct_pb2.Struct, templates: dict[str, str]
    ) -> None:
        region = wire.known_text(inputs.fields["region"]) if "region" in inputs.fields else None
        self.subject = Subject(subject.key, subject.type, subject.place.at(region))
        self._shape = shape
        self._inputs = inputs
        self._templates = templates
        self._found: dict[str, str | None] = {}

    def output(self, name: str) -> str | None:
        """The certain output of that name, or None."""
        if name == "region" and self.subject.type.startswith("aws:") and self.subject.place.region_known:
            return self.subject.place.region
        if name not in self._templates:
            return None
        if name not in self._found:
            self._found[name] = identifiers.fill(self._templates[name], self._part)
        return self._found[name]

    def inputs(self) -> dict[str, wire.Plain]:
        """All inputs as plain values."""
        return wire.struct_to_plain(self._inputs)

    def input(self, path: str) -> str | None:
        """The text of the input at that path (`metadata.name`), None where it is not known."""
        struct, (*outer, last) = self._inputs, path.split(".")
        for name in outer:
            struct = wire.reveal(struct.fields[name]).struct_value if name in struct.fields else struct_pb2.Struct()
        return wire.known_text(struct.fields[last]) if last in struct.fields else None

    def _part(self, name: str) -> str | None:
        place = self.subject.place
        match name:
            case "partition" | "region" | "account" | "dns_suffix":
                return str(getattr(place, name))
            case "random":
                return self.subject.token("id")
            case "issuer":
                return self._issuer()
            case "name_path":
                given = self._part("name")
                return None if given is None else "/" + given.removeprefix("/")
            case "id" if "id" not in self._templates:
                return resource_id(self.subject)
        return self._property(name)

    def _issuer(self) -> str | None:
        issuer = identifiers.issuer_in(self.input("arn") or "")
        if issuer is not None:
            return issuer
        url = self.input("url") if _is_given(self._inputs, "url") else text(self.subject, "url", "url")
        return None if url is None else identifiers.without_scheme(url)

    def _property(self, name: str) -> str | None:
        if _is_given(self._inputs, name):
            return wire.known_text(self._inputs.fields[name])
        if name in self._templates:
            return self.output(name)
        return _DEFAULT_PARTS.get(name) or text(self.subject, name, name)


def _is_given(struct: struct_pb2.Struct, name: str) -> bool:
    return name in struct.fields and struct.fields[name].WhichOneof("kind") != "null_value"


def _take_scheme(value: struct_pb2.Value) -> None:
    inner = wire.reveal(value)
    if inner.WhichOneof("kind") == "string_value":
        inner.string_value = identifiers.without_scheme(inner.string_value)


def _fit(
    subject: Subject, hint: shapes.Hint, path: str, program: struct_pb2.Value, pack: struct_pb2.Value | None
) -> Hangs:
    """Fit an input to the declared type of the output at the same path; the answer is that of `_complete`.

    `pack` is what the pack sees there, None where it sees nothing.
    """
    inner = wire.reveal(program)
    kind = inner.WhichOneof("kind")
    if wire.signature(inner) or (kind == "string_value" and inner.string_value == wire.UNKNOWN):
        return Hangs.NOTHING
    hint, _ = shapes.unwrap(hint)
    if shapes.base(hint) is str and kind in ("struct_value", "list_value"):
        wire.as_json_text(program)
        if pack is not None:
            wire.as_json_text(pack)
        return Hangs.NOTHING
    if not synthesis.fits(hint, _PLAIN[kind]):
        value = synthesis.for_program(subject, hint, path.rpartition(".")[2].partition("[")[0], path)
        if value is not None:
            wire.assign(program, value)
            if pack is not None:
                wire.assign(pack, wire.UNKNOWN)
        return invented.hanging(value)
    seen = wire.reveal(pack) if pack is not None else None
    if kind == "list_value":
        return _fit_items(subject, hint, path, inner.list_value, seen)
    if kind == "struct_value":
        return _fit_members(subject, hint, path, inner.struct_value, seen)
    return Hangs.NOTHING


def _fit_items(
    subject: Subject, hint: shapes.Hint, path: str, items: struct_pb2.ListValue, pack: struct_pb2.Value | None
) -> Hangs:
    arguments = typing.get_args(hint)
    if len(arguments) != 1:
        return Hangs.NOTHING
    shown = pack.list_value.values if pack is not None and pack.WhichOneof("kind") == "list_value" else ()
    hangs = [
        _fit(subject, arguments[0], f"{path}[{index}]", value, shown[index] if index < len(shown) else None)
        for index, value in enumerate(items.values)
    ]
    return max(hangs, default=Hangs.NOTHING)


def _fit_members(
    subject: Subject, hint: shapes.Hint, path: str, given: struct_pb2.Struct, pack: struct_pb2.Value | None
) -> Hangs:
    declared: dict[str, shapes.Hint]
    added: dict[str, wire.Plain] = {}
    if shapes.is_object(hint):
        declared = {item.name: item.type for item in shapes.of_object(hint).outputs}
        added = synthesis.for_given(subject, hint, path, [name for name in given.fields if _is_given(given, name)])
    else:
        arguments = typing.get_args(hint)
        declared = dict.fromkeys(given.fields, arguments[1]) if len(arguments) == 2 else {}
    shown = pack.struct_value.fields if pack is not None and pack.WhichOneof("kind") == "struct_value" else {}
    hangs = [
        _fit(subject, declared[name], f"{path}.{name}", value, shown.get(name))
        for name, value in given.fields.items()
        if name in declared
    ]
    for name, plain in added.items():
        wire.assign(given.fields[name], plain)
    return max(*hangs, *map(invented.hanging, added.values()), Hangs.NOTHING, Hangs.NOTHING)
