"""What a registered resource answers: its inputs, completed by what is certain and by stand-ins.

Two answers differ on purpose. The program gets a value for every declared output, so that its code runs. The pack is
sent the same where the value is certain or carries a mark; where a provider would compute a default for an input that
nobody gave, the pack is sent the unknown, because an invented value there would be judged as if it were real.
"""

from __future__ import annotations

import collections.abc
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from google.protobuf import struct_pb2

from . import canaries, identifiers, shapes, synthesis, wire
from .texts import Subject, resource_id, text

if TYPE_CHECKING:
    from collections.abc import Collection

    from .shapes import Property, Shape

# Outputs that repeat an input: all tags are the given ones (and the provider's default tags, which nothing judges).
_REPEATED: Final = {"tagsAll": "tags"}
_DEFAULT_PARTS: Final = {"path": "/"}
_SCALARS: Final = frozenset({"string_value", "number_value", "bool_value"})


@dataclass(frozen=True, slots=True)
class Outputs:
    """The provider's id and the outputs as the program and as the pack get them."""

    id: str
    program: struct_pb2.Struct
    pack: struct_pb2.Struct


def build(subject: Subject, shape: Shape | None, inputs: struct_pb2.Struct, secret: Collection[str]) -> Outputs:
    """The outputs of a resource with the checked `inputs`; `secret` names the outputs to mark as secret.

    Without a shape (a type that no class declares) the outputs are the inputs.
    """
    program, pack = struct_pb2.Struct(), struct_pb2.Struct()
    program.CopyFrom(inputs)
    pack.CopyFrom(inputs)
    templates = identifiers.templates(subject.type) if shape is not None else {}
    certain = _Certain(subject, shape, inputs, templates)
    for item in shape.outputs if shape is not None else ():
        if _is_given(inputs, item.name):
            _fit(subject, item, program.fields[item.name], pack.fields[item.name])
        else:
            _complete(item, certain, program, pack, secret)
    for name in secret:
        for struct in (program, pack):
            if name in struct.fields:
                wire.mark_secret(struct.fields[name])
    return Outputs(certain.output("id") or resource_id(subject), program, pack)


def _complete(
    item: Property,
    certain: _Certain,
    program: struct_pb2.Struct,
    pack: struct_pb2.Struct,
    secret: Collection[str],
) -> None:
    name, subject = item.name, certain.subject
    known = certain.output(name)
    if known is not None:
        program.fields[name].string_value = known
        pack.fields[name].string_value = known
        return
    if name in _REPEATED and not item.settable:
        repeated = program.fields[_REPEATED[name]] if _is_given(program, _REPEATED[name]) else None
        for struct in (program, pack):
            if repeated is None:
                struct.fields[name].struct_value.Clear()
            else:
                struct.fields[name].CopyFrom(repeated)
        return
    if item.settable and item.optional:
        return
    if name in secret and item.type is str:
        value: wire.Plain = canaries.canary(subject.type, subject.key, name)
        sent = value
    else:
        value = synthesis.for_program(subject, item.type, name, name)
        sent = synthesis.for_pack(subject, item.type, name, name)
    if value is not None:
        wire.assign(program.fields[name], value)
    wire.assign(pack.fields[name], wire.UNKNOWN if item.settable else sent)


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

    def _part(self, name: str) -> str | None:
        place = self.subject.place
        match name:
            case "partition" | "region" | "account" | "dns_suffix":
                return str(getattr(place, name))
            case "random":
                return self.subject.token("id")
            case "url_host":
                url = self._part("url")
                return None if url is None else url.removeprefix("https://").rstrip("/")
            case "name_path":
                given = self._part("name")
                return None if given is None else "/" + given.removeprefix("/")
            case "id" if "id" not in self._templates:
                return resource_id(self.subject)
        return self._property(name)

    def _property(self, name: str) -> str | None:
        if _is_given(self._inputs, name):
            return wire.known_text(self._inputs.fields[name])
        if name in self._templates:
            return self.output(name)
        return _DEFAULT_PARTS.get(name) or text(self.subject, name, name)


def _is_given(struct: struct_pb2.Struct, name: str) -> bool:
    return name in struct.fields and struct.fields[name].WhichOneof("kind") != "null_value"


def _fit(subject: Subject, item: Property, program: struct_pb2.Value, pack: struct_pb2.Value) -> None:
    """Fit an input to the declared type of the output of the same name."""
    inner = wire.reveal(program)
    kind = inner.WhichOneof("kind")
    if wire.signature(inner) or (kind == "string_value" and inner.string_value == wire.UNKNOWN):
        return
    origin = shapes.base(item.type)
    if origin is str and kind in ("struct_value", "list_value"):
        wire.as_json_text(program)
        wire.as_json_text(pack)
    elif not _matches(origin, kind):
        value = synthesis.for_program(subject, item.type, item.name, item.name)
        if value is not None:
            wire.assign(program, value)
            wire.assign(pack, wire.UNKNOWN)
    elif shapes.is_object(item.type):
        wire.fill_missing(program, synthesis.for_given(subject, item.type, item.name))
    elif kind == "list_value":
        _fill_items(subject, item, inner.list_value)


def _fill_items(subject: Subject, item: Property, items: struct_pb2.ListValue) -> None:
    arguments = typing.get_args(item.type)
    if not arguments:
        return
    cls, _ = shapes.unwrap(arguments[0])
    if not shapes.is_object(cls):
        return
    for index, value in enumerate(items.values):
        wire.fill_missing(value, synthesis.for_given(subject, cls, f"{item.name}[{index}]"))


def _matches(origin: shapes.Hint, kind: str | None) -> bool:
    if not isinstance(origin, type):
        return True
    if origin in (str, bool, int, float) or shapes.is_enum(origin):
        return kind in _SCALARS
    if shapes.is_object(origin) or issubclass(origin, collections.abc.Mapping):
        return kind == "struct_value"
    if issubclass(origin, collections.abc.Sequence):
        return kind == "list_value"
    return True
