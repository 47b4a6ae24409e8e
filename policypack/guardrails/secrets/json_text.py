"""The texts in a value that is written as a JSON object or list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ..model import Keys

_LARGEST_EXACT: Final = 2**53  # a number on the wire is a double: larger integers are rounded
_NAMING: Final = frozenset({"name", "key"})
_VALUE: Final = "value"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text at `keys` of a document; with `is_name` it is a name in the object there, and not a value.

    `names` say what it is: those on the way to it, and for the value of an entry such as
    `{"name": "DB_PASSWORD", "value": …}` the name that it gives.
    """

    keys: Keys
    names: tuple[str, ...]
    text: str = field(repr=False)
    is_name: bool = False


class _Pairs(list[tuple[str, object]]):
    """The members of an object as they stand there: a name may stand twice."""


def leaves(text: str) -> list[Leaf] | None:
    """The texts, names and whole numbers in a JSON object or list; None for any other text.

    Iterative, and bounded by the length of the text.
    """
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        document = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return None
    found: list[Leaf] = []
    waiting: list[tuple[Keys, tuple[str, ...], object]] = [((), (), document)]
    while waiting:
        keys, names, raw = waiting.pop()
        if isinstance(raw, _Pairs):
            given = next((inner for name, inner in raw if name.lower() in _NAMING and isinstance(inner, str)), None)
            for name, inner in reversed(raw):
                found.append(Leaf(keys, names, name, is_name=True))
                called = given if given and name.lower() == _VALUE else name
                waiting.append(((*keys, name), (*names, called), inner))
        elif isinstance(raw, list):
            waiting.extend(((*keys, index), names, inner) for index, inner in reversed([*enumerate(raw)]))
        elif inner_text := raw if isinstance(raw, str) else whole_number(raw):
            found.append(Leaf(keys, names, inner_text))
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
