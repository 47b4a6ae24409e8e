"""The places of a resource at which a text stands without a secret mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ..model import Asset, Keys, Value
from .json_text import leaves, whole_number


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
    """The places inside a text that is a JSON document, each under its path in it; nothing for any other text."""
    for leaf in (not place.is_name and leaves(place.text)) or ():
        yield Place((*place.keys, *leaf.keys), leaf.text, is_name=leaf.is_name)


def presentable(keys: Keys, shows: Callable[[str], object]) -> str:
    """The path that `keys` make, up to the first name that `shows` something not to be printed."""
    end = next((end for end, key in enumerate(keys) if isinstance(key, str) and shows(key)), len(keys))
    return Value(None, keys[:end]).path
