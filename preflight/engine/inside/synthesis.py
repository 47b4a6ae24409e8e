"""Values that fit a declared type, for what only a provider could compute.

Two views of one property: what the program gets must be concrete, whatever the type; what the pack is sent must be
recognisable as invented, so anything that has no room for a token is the unknown there.
"""

from __future__ import annotations

import collections.abc
import functools
import typing
from typing import Any, Final

from . import shapes, wire
from .texts import Subject, holds_token, text

# Programs index into lists: `subnets[0]`, `zones[2]`, `services[1]`.
_TEXTS_PER_LIST: Final = 3
_OBJECTS_PER_LIST: Final = 2
_MAX_DEPTH: Final = 8
# How many values an optional field may bring with it: some types (rules of a firewall) nest without end.
_MAX_OPTIONAL: Final = 50


def for_program(subject: Subject, hint: shapes.Hint, name: str, path: str, depth: int = 0) -> wire.Plain:
    """A concrete value of the declared type `hint`; None where nothing fits (an asset, an unbounded recursion)."""
    hint, _ = shapes.unwrap(hint)
    origin = shapes.base(hint)
    if shapes.is_enum(hint):
        return typing.cast("wire.Plain", next(iter(hint)).value)
    if origin is bool:
        return False
    if origin is int:
        return 1
    if origin is float:
        # Never a whole number: the wire would give it back as an int, which result classes refuse for a float.
        return 0.5
    if shapes.is_object(hint):
        return _object(subject, hint, path, depth)
    if _is_a(origin, str):
        return text(subject, name, path)
    if _is_a(origin, collections.abc.Mapping):
        return {}
    if _is_a(origin, collections.abc.Sequence):
        return _list(subject, typing.get_args(hint), name, path, depth)
    return text(subject, name, path) if hint is Any else None


def for_given(subject: Subject, cls: type, path: str) -> wire.Plain:
    """What a provider may add to an object of type `cls` that the program gave in part.

    Optional numbers, flags and members of enumerations are left out: what the program did not set is most often not
    set, and an invented value of these kinds could not be told from a set one.
    """
    return _object(subject, cls, path, 0, given=True)


def for_pack(subject: Subject, hint: shapes.Hint, name: str, path: str, depth: int = 0) -> wire.Plain:
    """The same value as the pack may see it: texts that hold their token, the unknown for everything else.

    Optional fields are unknown too: whether the provider fills them is not known.
    """
    hint, _ = shapes.unwrap(hint)
    if depth < _MAX_DEPTH and shapes.is_object(hint):
        return {
            item.name: wire.UNKNOWN
            if item.optional
            else for_pack(subject, item.type, item.name, f"{path}.{item.name}", depth + 1)
            for item in shapes.of_object(hint).outputs
        }
    value = for_program(subject, hint, name, path, depth)
    return value if isinstance(value, str) and not shapes.is_enum(hint) and holds_token(value) else wire.UNKNOWN


def _object(subject: Subject, cls: type, path: str, depth: int, *, given: bool = False) -> wire.Plain:
    if depth >= _MAX_DEPTH:
        return None
    return {
        item.name: for_program(subject, item.type, item.name, f"{path}.{item.name}" if path else item.name, depth + 1)
        for item in shapes.of_object(cls).outputs
        if not item.optional or (_is_small(item.type) and not (given and _has_no_room(item.type)))
    }


def _is_a(origin: shapes.Hint, cls: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, cls)


def _has_no_room(hint: shapes.Hint) -> bool:
    return shapes.is_enum(hint) or shapes.base(hint) in (bool, int, float)


@functools.cache
def _is_small(hint: shapes.Hint) -> bool:
    return _left(hint, _MAX_OPTIONAL) >= 0


def _left(hint: shapes.Hint, room: int) -> int:
    """How much of `room` is left after a value of that type; negative as soon as it does not fit."""
    hint, _ = shapes.unwrap(hint)
    room -= 1
    if shapes.is_object(hint):
        for item in shapes.of_object(hint).outputs:
            if room < 0:
                break
            room = _left(item.type, room)
    elif _is_a(shapes.base(hint), collections.abc.Sequence) and not _is_a(shapes.base(hint), str):
        for argument in typing.get_args(hint)[:1] * _OBJECTS_PER_LIST:
            room = _left(argument, room) if room >= 0 else room
    return room


def _list(subject: Subject, arguments: tuple[shapes.Hint, ...], name: str, path: str, depth: int) -> wire.Plain:
    if depth >= _MAX_DEPTH or not arguments:
        return []
    count = _OBJECTS_PER_LIST if shapes.is_object(arguments[0]) else _TEXTS_PER_LIST
    items = [for_program(subject, arguments[0], name, f"{path}[{index}]", depth + 1) for index in range(count)]
    return [] if None in items else items
