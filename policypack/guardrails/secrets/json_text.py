"""The texts in a value that is written as a JSON object or list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ..model import Keys

_LARGEST_EXACT: Final = 2**53  # a number on the wire is a double: larger integers are rounded
_DEEPEST: Final = 64
_NAMING: Final = frozenset({"name", "key"})
_VALUE: Final = "value"


# The way to a place, innermost step first: a document that is nested deeply has as many steps as places otherwise.
_Way: TypeAlias = "tuple[_Way, str | int] | None"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text in a document; with `is_name` it is a name in the object there, and not a value."""

    text: str = field(repr=False)
    way: _Way
    called: _Way
    is_name: bool = False

    @property
    def keys(self) -> Keys:
        """The steps that lead to it."""
        return tuple(_steps(self.way))

    @property
    def names(self) -> tuple[str, ...]:
        """The names that say what it is: those on the way to it, and for the value of an entry such as
        `{"name": "DB_PASSWORD", "value": …}` the name that it gives."""
        return tuple(str(name) for name in _steps(self.called))


def _steps(way: _Way) -> list[str | int]:
    steps: list[str | int] = []
    while way is not None:
        way, step = way
        steps.append(step)
    return steps[::-1]


class _Pairs(list[tuple[str, object]]):
    """The members of an object as they stand there: a name may stand twice."""


def leaves(text: str) -> list[Leaf] | None:
    """The texts, names and whole numbers in a JSON object or list; None for any other text.

    Iterative. What lies deeper than 64 levels is left out, as on the wire.
    """
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        document = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return None
    found: list[Leaf] = []
    waiting: list[tuple[int, _Way, _Way, object]] = [(0, None, None, document)]
    while waiting:
        depth, way, called, raw = waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(raw, _Pairs):
            given = next((inner for name, inner in raw if name.lower() in _NAMING and isinstance(inner, str)), None)
            for name, inner in reversed(raw):
                found.append(Leaf(name, way, called, is_name=True))
                says = given if given and name.lower() == _VALUE else name
                waiting.append((depth + 1, (way, name), (called, says), inner))
        elif isinstance(raw, list):
            waiting.extend((depth + 1, (way, index), called, inner) for index, inner in reversed([*enumerate(raw)]))
        elif inner_text := raw if isinstance(raw, str) else whole_number(raw):
            found.append(Leaf(inner_text, way, called))
    return found


def members(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The values in the object or list that `text` is written as, each with its names; else itself, under none."""
    read = leaves(text)
    if read is None:
        yield (), text
    else:
        yield from ((leaf.names, leaf.text) for leaf in read if not leaf.is_name)


def whole_number(raw: object) -> str | None:
    """The digits of a number that is whole and exact; None for anything else."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    if isinstance(raw, float) and abs(raw) < _LARGEST_EXACT and raw == int(raw):
        return str(int(raw))
    return None
