"""Kleene's three truth values, ordered so that `min` is AND and `max` is OR."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Truth(IntEnum):
    """Whether something holds; `MAYBE` where the document cannot be read or its meaning is in doubt."""

    NO = 0
    MAYBE = 1
    YES = 2

    def negated(self) -> Truth:
        """NOT, which leaves `MAYBE` as it is."""
        return _NEGATED[self]


_NEGATED: Final = (Truth.YES, Truth.MAYBE, Truth.NO)


def truth(value: object) -> Truth:
    """`YES` for a true value, else `NO`."""
    return Truth.YES if value else Truth.NO
