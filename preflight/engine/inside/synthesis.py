"""Values that fit a declared type, for what only a provider could compute.

Two views of one property: what the program gets must be concrete, whatever the type; what the pack is sent must be
recognisable as invented, so anything that has no room for a token is the unknown there.
"""

from __future__ import annotations

import collections.abc
import functools
import json
import typing
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from . import references, shapes, stand_ins, wire
from .texts import Subject, holds_token, text

if TYPE_CHECKING:
    from collections.abc import Container

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
    if shapes.is_resource(origin):
        return references.to_invented(subject, hint, path)
    if _is_a(origin, collections.abc.Mapping):
        return _mapping(subject, typing.get_args(hint), path, depth)
    if _is_a(origin, collections.abc.Sequence):
        return _list(subject, typing.get_args(hint), name, path, depth)
    return text(subject, name, path) if hint is Any else None


def for_given(subject: Subject, cls: type, path: str, given: Container[str]) -> dict[str, wire.Plain]:
    """What a provider may add to an object of type `cls` of which the program gave the members `given`.

    Optional numbers, flags, members of enumerations, lists and mappings are left out: what the program did not set is
    most often not set, and an invented value (or size) of these kinds could not be told from a set one.
    """
    return {
        item.name: for_program(subject, item.type, item.name, f"{path}.{item.name}", 1)
        for item in shapes.of_object(cls).outputs
        if item.name not in given and (not item.optional or (_is_small(item.type) and not _has_no_room(item.type)))
    }


def fits(hint: shapes.Hint, kind: type) -> bool:
    """Whether a plain value of class `kind` has the form of the declared type; scalars stand in for one another."""
    origin = shapes.base(hint)
    if kind is type(None) or not isinstance(origin, type):
        return True
    if origin in (str, bool, int, float) or shapes.is_enum(origin):
        return kind not in (list, dict)
    if shapes.is_object(origin) or _is_a(origin, collections.abc.Mapping):
        return kind is dict
    return kind is list if _is_a(origin, collections.abc.Sequence) else True


def as_declared(hint: shapes.Hint, value: wire.Plain) -> wire.Plain:
    """A given value as a function's result class insists on it (`"true"` for a flag); None where it does not fit."""
    if value is None or not fits(hint, type(value)):
        return None
    origin = shapes.base(hint)
    if origin is bool and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    if origin is str and not isinstance(value, str):
        return json.dumps(value)
    if origin in (int, float) and isinstance(value, str):
        with suppress(ValueError):
            return float(value)
        return None
    return value


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
    if shapes.is_enum(hint) or not (hint is Any or _is_a(shapes.base(hint), str)):
        return wire.UNKNOWN
    value = for_program(subject, hint, name, path, depth)
    return value if isinstance(value, str) and holds_token(value) else wire.UNKNOWN


def _object(subject: Subject, cls: type, path: str, depth: int) -> wire.Plain:
    if depth >= _MAX_DEPTH:
        return None
    return {
        item.name: for_program(subject, item.type, item.name, f"{path}.{item.name}" if path else item.name, depth + 1)
        for item in shapes.of_object(cls).outputs
        if not item.optional or _is_small(item.type)
    }


@functools.cache
def _is_a(origin: shapes.Hint, cls: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, cls)


def _has_no_room(hint: shapes.Hint) -> bool:
    origin = shapes.base(hint)
    if shapes.is_object(hint) or _is_a(origin, str):
        return shapes.is_enum(hint)
    return origin in (bool, int, float) or shapes.is_enum(hint) or _is_a(origin, collections.abc.Collection)


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


def _mapping(subject: Subject, arguments: tuple[shapes.Hint, ...], path: str, depth: int) -> wire.Plain:
    """A mapping with one member, which stands for whatever members there are; see `mappings`."""
    if depth >= _MAX_DEPTH:
        return {}
    name = stand_ins.anything(subject.key, path)
    member = for_program(subject, arguments[1], "", f"{path}.*", depth + 1) if len(arguments) == 2 else None
    return {name: name if member is None or isinstance(member, str) else member}


def _list(subject: Subject, arguments: tuple[shapes.Hint, ...], name: str, path: str, depth: int) -> wire.Plain:
    if depth >= _MAX_DEPTH or not arguments:
        return []
    element, _ = shapes.unwrap(arguments[0])
    count = _OBJECTS_PER_LIST if shapes.is_object(element) or shapes.is_resource(element) else _TEXTS_PER_LIST
    items = [for_program(subject, arguments[0], name, f"{path}[{index}]", depth + 1) for index in range(count)]
    return [] if None in items else items
