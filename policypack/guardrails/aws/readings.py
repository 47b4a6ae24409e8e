"""The readings of a statement in which a name stands twice.

AWS refuses such a document. Which of the two it would take is written nowhere, so the statement is read once for each:
with every first value, with every second one, and so on. Nothing that was written can then hide behind the repetition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .json_text import Repeating, written

# A statement holds objects to this depth: its elements, the operators of a Condition, their keys.
_DEPTH: Final = 3
_LEVELS: Final = ("element", "operator", "condition key")
MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Repeated:
    """A name that stands `count` times: the names it lies under and itself, and what it is. `count` is one for a
    condition key that stands again in other letter case; both of them are read, as keys are."""

    names: tuple[str, ...]
    what: str
    count: int


def _same(name: object, level: int) -> str:
    # A wrongly cased element is read as the one that was meant, so it is that element once more.
    text = name if isinstance(name, str) else ""
    return text if level else text.lower()


def _distinct(source: dict[object, object]) -> bool:
    """Whether no two names of an object differ by letter case only."""
    return len({_same(name, 0) for name in source}) == len(source)


def repeated(source: object, level: int = 0) -> Iterator[Repeated]:
    """The names that stand more than once in one object of a statement."""
    if not isinstance(source, dict) or level == _DEPTH:
        return
    if level != _DEPTH - 1 and not isinstance(source, Repeating) and (level or _distinct(source)):
        # As nearly everywhere: only what lies below is left to look at.
        for name, value in source.items():
            if isinstance(value, dict):
                for each in repeated(value, level + 1):
                    yield Repeated((str(name), *each.names), each.what, each.count)
        return
    if level == _DEPTH - 1 and not isinstance(source, Repeating) and _distinct(source):
        return
    items = written(source)
    counts = Counter(_same(name, level) for name, _ in items)
    if len(counts) < len(items):
        latest = {_same(name, level): str(name) for name, _ in items}
        yield from (Repeated((latest[name],), _LEVELS[level], count) for name, count in counts.items() if count > 1)
    if level == _DEPTH - 1:
        folded = Counter(name.lower() for name in counts)
        if len(folded) < len(counts):
            last = {name.lower(): name for name in counts}
            yield from (Repeated((last[name],), _LEVELS[level], 1) for name, count in folded.items() if count > 1)
    for name, value in items:
        if isinstance(value, dict):
            for each in repeated(value, level + 1):
                yield Repeated((str(name), *each.names), each.what, each.count)


def reading(source: object, number: int, level: int = 0) -> object:
    """The statement with the value of that number, or the last one, for each name that stands several times."""
    if not isinstance(source, dict) or level == _DEPTH:
        return source
    groups: dict[str, list[tuple[object, object]]] = {}
    for name, value in written(source):
        groups.setdefault(_same(name, level), []).append((name, value))
    chosen = (group[min(number, len(group) - 1)] for group in groups.values())
    return {name: reading(value, number, level + 1) for name, value in chosen}
