"""Whether one condition holds wherever another one does."""

from __future__ import annotations

from typing import Final

from .comparison import NEGATIVE, POSITIVE, holds, is_plain
from .conditions import Way, ways
from .tree import Condition, Opaque, OpaqueTail, Operator, Test

# Pairs of ways; far beyond any met in practice.
_MOST_PAIRS: Final = 2_048


def implies(narrower: Condition | OpaqueTail | None, wider: Condition | OpaqueTail | None) -> bool:
    """Whether every request that meets one condition meets the other; a true answer is certain."""
    if wider is None or narrower == wider:
        return True
    if narrower is None or isinstance(narrower, OpaqueTail) or isinstance(wider, OpaqueTail):
        return False
    of_narrower, of_wider = ways(narrower), ways(wider)
    if of_narrower is None or of_wider is None or len(of_narrower) * len(of_wider) > _MOST_PAIRS:
        return False
    return all(any(_way_implies(way, other) for other in of_wider) for way in of_narrower)


def _way_implies(way: Way, other: Way) -> bool:
    return all(any(part == test or _test_implies(part, test) for part in way) for test in other)


def _test_implies(part: Test | Opaque, test: Test | Opaque) -> bool:
    """Whether a test that names the values it admits admits none but those of another test of that variable."""
    if isinstance(part, Opaque) or isinstance(test, Opaque) or part.variable.lower() != test.variable.lower():
        return False
    if part.operator not in POSITIVE or test.operator not in POSITIVE | NEGATIVE | {Operator.PRESENT}:
        return False
    return all(is_plain(value) and holds(test, value.text) is True for value in part.values)
