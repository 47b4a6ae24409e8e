"""Values of numbers, dates, booleans and addresses that a set of bounds can tell apart."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from itertools import count, pairwise
from math import inf, isfinite, nextafter

from . import network
from .conditions import moment, number
from .operators import Family


def typed_values(family: Family, bounds: list[str], *, fixed: bool) -> list[str]:
    """One value for each class that comparisons with `bounds` can tell apart.

    With `fixed`, the bounds themselves are left out: they name a value that the caller does not have.
    """
    if family is Family.BOOL:
        return ["true", "false"]
    if family is Family.BINARY:
        others = (base64.b64encode(f"any{number}".encode()).decode() for number in count())
        return [*([] if fixed else bounds), next(each for each in others if each not in bounds)]
    if family is Family.IP:
        blocks = [found for text in bounds if (found := network.block(text)) is not None]
        return [network.example(atom) for atom in sorted(network.atoms(blocks), key=network.is_private)]
    if family is Family.DATE:
        return [_date(seconds) for seconds in _around([moment(text) for text in bounds], fixed=fixed)]
    return [_number(value) for value in _around([number(text) for text in bounds], fixed=fixed)]


def _around(bounds: list[float | None], *, fixed: bool) -> list[float]:
    """The bounds, a value between each two, and one on either side."""
    known = sorted({bound for bound in bounds if bound is not None and isfinite(bound)}) or [0.0]
    between = [low / 2 + high / 2 for low, high in pairwise(known)]
    # Next to a very large number, one more is the same number.
    below, above = min(known[0] - 1, nextafter(known[0], -inf)), max(known[-1] + 1, nextafter(known[-1], inf))
    return [*([] if fixed else known), *filter(isfinite, (below, *between, above))]


def _number(value: float) -> str:
    """The shortest text that is read as the same number."""
    return str(int(value)) if value.is_integer() else repr(value)


def _date(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return _number(seconds)
