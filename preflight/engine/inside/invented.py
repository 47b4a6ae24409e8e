"""The mark of a value that hangs on an invention which has no room for a token.

Invented texts carry a token (see `stand_ins`); numbers, flags, members of enumerations and empty lists cannot. Where
one of them, or anything that the program made of one, goes into a resource, it travels inside a struct with a
signature of its own, the way the protocol marks secrets. `traces` puts these marks on; the monitor takes them off
before anything else looks at the properties, remembers their paths, and sends the pack the unknown there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from google.protobuf import struct_pb2

from . import wire
from .stand_ins import is_anything
from .texts import holds_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SIGNATURE: Final = "6f9f7c1e0d5a4b0f8b1d3c5e7a92e4d1"

Path = tuple[str | int, ...]
"""Where in a struct a value is: names of members and positions in lists, outermost first."""


def has_no_token(value: wire.Plain) -> bool:
    """Whether an invented value holds anything that could not be told from what somebody wrote.

    Lists and mappings do: how many members they have is an invention, too.
    """
    match value:
        case None:
            return False
        case str():
            return not holds_token(value)
        case dict():
            # A reference to an invented resource is known by its URN.
            if wire.SIGNATURE in value:
                return False
            return not value or any(map(is_anything, value)) or any(map(has_no_token, value.values()))
    return True


def mark(value: struct_pb2.Value) -> None:
    """Put the mark around a value, inside its secret mark if it has one."""
    value = wire.reveal(value)
    inner = struct_pb2.Value()
    inner.CopyFrom(value)
    value.struct_value.Clear()
    value.struct_value.fields[wire.SIGNATURE].string_value = SIGNATURE
    value.struct_value.fields["value"].CopyFrom(inner)


def marked(struct: struct_pb2.Struct, names: Iterable[str]) -> struct_pb2.Struct:
    """A copy of the struct with marks around these members, as far as it has them."""
    copy = struct_pb2.Struct()
    copy.CopyFrom(struct)
    for name in names:
        if name in copy.fields:
            mark(copy.fields[name])
    return copy


def take(struct: struct_pb2.Struct) -> list[Path]:
    """Take all marks off a struct, in place, and give the paths where they were."""
    if not wire.mentions(struct, SIGNATURE):
        return []
    return [path for key, value in struct.fields.items() for path in _take(value, (key,))]


def _take(value: struct_pb2.Value, path: Path) -> Iterator[Path]:
    inner = wire.reveal(value)
    if wire.signature(inner) == SIGNATURE:
        unmarked = struct_pb2.Value()
        unmarked.CopyFrom(inner.struct_value.fields["value"])
        inner.CopyFrom(unmarked)
        # What is inside hangs on it as a whole: marks in there say nothing more.
        for _ in _take(inner, path):
            pass
        yield path
        return
    for key, item in _members(inner):
        yield from _take(item, (*path, key))


def changed(before: struct_pb2.Struct, after: struct_pb2.Struct) -> list[Path]:
    """The members that the program has made itself of properties that hang on inventions: they may hang on them too."""
    return [(key,) for key, value in after.fields.items() if key not in before.fields or before.fields[key] != value]


def hidden(struct: struct_pb2.Struct, paths: Sequence[Path]) -> struct_pb2.Struct:
    """The struct as the pack may see it: at and below these paths nothing but texts with a token is known."""
    if not paths:
        return struct
    copy = struct_pb2.Struct()
    copy.CopyFrom(struct)
    for path in paths:
        value = _at(copy, path)
        if value is not None:
            _hide(value)
    return copy


def _hide(value: struct_pb2.Value) -> None:
    value = wire.reveal(value)
    members = list(_members(value))
    if members:
        for _, item in members:
            _hide(item)
    elif not wire.signature(value) and not (
        value.WhichOneof("kind") == "string_value" and holds_token(value.string_value)
    ):
        value.string_value = wire.UNKNOWN


def restored(changed: struct_pb2.Struct, original: struct_pb2.Struct, paths: Sequence[Path]) -> struct_pb2.Struct:
    """What a pack made of hidden properties, with the values for the program where it left the unknown."""
    if not paths:
        return changed
    copy = struct_pb2.Struct()
    copy.CopyFrom(changed)
    for path in paths:
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
