"""The places of a resource at which a text stands without a secret mark."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..model import Asset, Keys, Value

_LARGEST_EXACT: Final = 2**53  # a number on the wire is a double: larger integers are rounded


@dataclass(frozen=True, slots=True)
class Place:
    """A text at `keys`; with `is_name` it is a name in the object or map there, and not a value."""

    keys: Keys
    text: str = field(repr=False)
    is_name: bool = False

    @property
    def path(self) -> str:
        """The property path, as `Value.path` gives it."""
        return Value(None, self.keys).path


def joined(properties: Mapping[str, object]) -> str:
    """All texts of `unmarked` in one, with a zero byte between them: a first look at what many places hold."""
    texts: list[str] = []
    waiting: list[object] = [*properties.values()]
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, str):
            texts.append(raw)
        elif isinstance(raw, dict):
            texts += raw
            waiting += raw.values()
        elif isinstance(raw, list):
            waiting += raw
        elif isinstance(raw, Asset):
            texts += (text for text in (raw.text, raw.location) if text)
            waiting += raw.members.values()
        elif digits := whole_number(raw):
            texts.append(digits)
    return "\0".join(texts)


def unmarked(properties: Mapping[str, object]) -> Iterator[Place]:
    """Every text in properties that no secret mark covers: values, contents of assets, and names in maps.

    The digits of a whole number count as a text. Iterative, and without a `Value` for each step: all that a stack holds
    goes through here.
    """
    waiting: list[tuple[Keys, object]] = [((name,), raw) for name, raw in properties.items()]
    while waiting:
        keys, raw = waiting.pop()
        if isinstance(raw, str):
            yield Place(keys, raw)
        elif isinstance(raw, dict):
            for name, inner in raw.items():
                yield Place(keys, name, is_name=True)
                waiting.append(((*keys, name), inner))
        elif isinstance(raw, list):
            waiting += (((*keys, index), inner) for index, inner in enumerate(raw))
        elif isinstance(raw, Asset):
            yield from (Place(keys, text) for text in (raw.text, raw.location) if text)
            waiting += (((*keys, name), inner) for name, inner in raw.members.items())
        elif digits := whole_number(raw):
            yield Place(keys, digits)


def within(place: Place) -> Iterator[Place]:
    """The places inside a text that is a JSON document, each under its path in it; nothing for any other text.

    Of a name that stands twice in an object, both are given.
    """
    if not place.text.lstrip().startswith(("{", "[")) or place.is_name:
        return
    try:
        document = json.loads(place.text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return
    waiting: list[tuple[Keys, object]] = [(place.keys, document)]
    while waiting:
        keys, raw = waiting.pop()
        if isinstance(raw, _Pairs):
            for name, inner in raw:
                yield Place(keys, name, is_name=True)
                waiting.append(((*keys, name), inner))
        elif isinstance(raw, list):
            waiting += (((*keys, index), inner) for index, inner in enumerate(raw))
        elif text := raw if isinstance(raw, str) else whole_number(raw):
            yield Place(keys, text)


class _Pairs(list[tuple[str, object]]):
    """The members of a JSON object as they stand there."""


def whole_number(raw: object) -> str | None:
    """The digits of a number that is whole and exact; None for anything else."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) < _LARGEST_EXACT and raw == int(raw):
        return str(int(raw))
    return None
