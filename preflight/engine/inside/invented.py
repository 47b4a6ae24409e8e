"""The mark of a value that hangs on an invention which has no room for a token.

Invented texts carry a token (see `stand_ins`); numbers, flags, members of enumerations and the size of lists cannot.
Where one of them, or anything that the program made of one, goes into a resource, it travels inside a struct with a
signature of its own, the way the protocol marks secrets. `traces` puts these marks on; the monitor takes them off
before anything else looks at the properties, remembers where they were, and sends the pack the unknown there.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final, NamedTuple

from google.protobuf import struct_pb2

from . import wire
from .stand_ins import is_anything
from .texts import holds_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Hangs(enum.IntEnum):
    """What of an invention is without a token: nothing, only how many members it has, or a value itself."""

    NOTHING = 0
    SIZE = 1
    VALUE = 2


SIGNATURES: Final = {
    "6f9f7c1e0d5a4b0f8b1d3c5e7a92e4d1": Hangs.SIZE,
    "6f9f7c1e0d5a4b0f8b1d3c5e7a92e4d2": Hangs.VALUE,
}
_SIGNATURE_OF: Final = {hangs: signature for signature, hangs in SIGNATURES.items()}
_COMMON: Final = "6f9f7c1e0d5a4b0f8b1d3c5e7a92e4d"
# Texts that were invented beside values without a token: of what hangs on such a value, only these stay known.
_BESIDE: Final[set[str]] = set()

Path = tuple[str | int, ...]
"""Where in a struct a value is: names of members and positions in lists, outermost first."""


class Hanging(NamedTuple):
    """A part of some properties, and what of an invention it hangs on."""

    path: Path
    hangs: Hangs


def hanging(value: wire.Plain) -> Hangs:
    """What of an invented value could not be told from what somebody wrote. Remembers the texts that could."""
    hangs = _hanging(value)
    if hangs is Hangs.VALUE:
        remember(value)
    return hangs


def remember(value: wire.Plain) -> None:
    """Take the texts of an invented value for ones that stay known where all of it hangs on something."""
    _BESIDE.update(_texts(value))


def _hanging(value: wire.Plain) -> Hangs:
    match value:
        case None:
            return Hangs.NOTHING
        case str():
            return Hangs.NOTHING if holds_token(value) else Hangs.VALUE
        case list():
            return max(map(_hanging, value), default=Hangs.SIZE) or Hangs.SIZE
        case dict():
            # A reference to an invented resource is known by its URN.
            if wire.SIGNATURE in value:
                return Hangs.NOTHING
            size = Hangs.SIZE if not value or any(map(is_anything, value)) else Hangs.NOTHING
            return max(size, *map(_hanging, value.values()), Hangs.NOTHING)
    return Hangs.VALUE


def _texts(value: wire.Plain) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for item in value.values():
                yield from _texts(item)


def mark(value: struct_pb2.Value, hangs: Hangs) -> None:
    """Put the mark around a value, inside its secret mark if it has one."""
    value = wire.reveal(value)
    inner = struct_pb2.Value()
    inner.CopyFrom(value)
    value.struct_value.Clear()
    value.struct_value.fields[wire.SIGNATURE].string_value = _SIGNATURE_OF[hangs]
    value.struct_value.fields["value"].CopyFrom(inner)


def as_marked(value: object, hangs: Hangs) -> object:
    """The same for a plain value on its way to a struct."""
    if isinstance(value, dict) and value.get(wire.SIGNATURE) == wire.SECRET:
        return {**value, "value": as_marked(value["value"], hangs)}
    return value if value == wire.UNKNOWN else {wire.SIGNATURE: _SIGNATURE_OF[hangs], "value": value}


def marked(
    struct: struct_pb2.Struct, inventions: Mapping[str, Hangs], inputs: Iterable[Hanging] = ()
) -> struct_pb2.Struct:
    """A copy of outputs with marks around those that are inventions, and those that repeat hanging inputs."""
    found = dict(inventions)
    for path, hangs in inputs:
        name = str(path[0])
        found[name] = max(hangs, found.get(name, hangs))
    copy = struct_pb2.Struct()
    copy.CopyFrom(struct)
    for name, hangs in found.items():
        if name in copy.fields:
            mark(copy.fields[name], hangs)
    return copy


def take(struct: struct_pb2.Struct) -> list[Hanging]:
    """Take all marks off a struct, in place, and give what they told."""
    if not wire.mentions(struct, _COMMON):
        return []
    return [found for key, value in struct.fields.items() for found in _take(value, (key,))]


def _take(value: struct_pb2.Value, path: Path) -> Iterator[Hanging]:
    inner = wire.reveal(value)
    hangs = SIGNATURES.get(wire.signature(inner))
    if hangs:
        unmarked = struct_pb2.Value()
        unmarked.CopyFrom(inner.struct_value.fields["value"])
        inner.CopyFrom(unmarked)
        # What is inside hangs on it as a whole.
        yield Hanging(path, max(hangs, *(below.hangs for below in _take(inner, path)), Hangs.NOTHING))
        return
    for key, item in _members(inner):
        yield from _take(item, (*path, key))


def changed(before: struct_pb2.Struct, after: struct_pb2.Struct, inputs: Sequence[Hanging]) -> list[Hanging]:
    """The members that the program has made itself of properties that hang on inventions: they may hang on them too."""
    most = max((one.hangs for one in inputs), default=Hangs.NOTHING)
    moved = (key for key, value in after.fields.items() if key not in before.fields or before.fields[key] != value)
    return [Hanging((key,), most) for key in moved] if most else []


def hidden(struct: struct_pb2.Struct, inputs: Sequence[Hanging]) -> struct_pb2.Struct:
    """The struct as the pack may see it.

    Of what hangs on the size of something, texts with a token are known; of what hangs on a value, only the texts that
    were invented beside it: another text may be what it is because of that value.
    """
    if not inputs:
        return struct
    copy = struct_pb2.Struct()
    copy.CopyFrom(struct)
    for path, hangs in inputs:
        value = _at(copy, path)
        if value is not None:
            _hide(value, hangs)
    return copy


def _hide(value: struct_pb2.Value, hangs: Hangs) -> None:
    value = wire.reveal(value)
    members = list(_members(value))
    if members:
        for _, item in members:
            _hide(item, hangs)
    elif not wire.signature(value) and not (value.WhichOneof("kind") == "string_value" and _stays(value, hangs)):
        value.string_value = wire.UNKNOWN


def _stays(value: struct_pb2.Value, hangs: Hangs) -> bool:
    text = value.string_value
    return holds_token(text) and (hangs is Hangs.SIZE or text in _BESIDE)


def restored(changed: struct_pb2.Struct, original: struct_pb2.Struct, inputs: Sequence[Hanging]) -> struct_pb2.Struct:
    """What a pack made of hidden properties, with the values for the program where it left the unknown."""
    if not inputs:
        return changed
    copy = struct_pb2.Struct()
    copy.CopyFrom(changed)
    for path, _ in inputs:
        here, before = _at(copy, path), _at(original, path)
        if here is not None and before is not None:
            _restore(here, before)
    return copy


def _restore(value: struct_pb2.Value, original: struct_pb2.Value) -> None:
    value, original = wire.reveal(value), wire.reveal(original)
    if value.WhichOneof("kind") == "string_value" and value.string_value == wire.UNKNOWN:
        value.CopyFrom(original)
        return
    before = dict(_members(original))
    for key, item in _members(value):
        if key in before:
            _restore(item, before[key])


def _members(value: struct_pb2.Value) -> Iterable[tuple[str | int, struct_pb2.Value]]:
    """The parts of an object or a list; none of anything else, nor of what the protocol has a signature for."""
    match value.WhichOneof("kind"):
        case "struct_value" if not wire.signature(value):
            return value.struct_value.fields.items()
        case "list_value":
            return enumerate(value.list_value.values)
    return ()


def _at(struct: struct_pb2.Struct, path: Path) -> struct_pb2.Value | None:
    first, *rest = path
    value = struct.fields[str(first)] if first in struct.fields else None
    for step in rest:
        if value is None:
            return None
        value = dict(_members(wire.reveal(value))).get(step)
    return value
