"""How long a schedule expression of AWS leaves at most between two runs."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Final

_RATE: Final = re.compile(r"rate\((\d+) (hour|day)s?\)")
_CRON: Final = re.compile(r"cron\(\S+ \S+ (\S+) (\S+) (\S+)(?: (\S+))?\)")
_MONTHS: Final = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_PART: Final = re.compile(r"(\*|[A-Z\d]+)(?:-([A-Z\d]+))?(?:/(\d+))?")


def longest_pause(expression: str) -> float | None:
    """The days between two runs, at most; None for what is no `rate(…)` nor yearly recurring `cron(…)`.

    Of a cron expression the months are read and each is taken to have one run, on its first day: a schedule with more
    runs is not slower. Forms as the Secrets Manager user guide has them for rotation schedules.
    """
    rate = _RATE.fullmatch(expression.strip())
    if rate:
        return int(rate[1]) / (24 if rate[2] == "hour" else 1)
    cron = _CRON.fullmatch(expression.strip())
    if cron is None or (cron[4] or "*") != "*":
        return None
    months = _months(cron[2].upper())
    if not months:
        return None
    starts = [date(2001, month, 1) for month in months] + [date(2002, months[0], 1)]
    return max((after - before).days for before, after in pairwise(starts))


def _months(field: str) -> list[int]:
    """The months of a cron field in their order; none where the field cannot be read."""
    found: set[int] = set()
    for part in field.split(","):
        read = _PART.fullmatch(part)
        if read is None:
            return []
        first = 1 if read[1] == "*" else _month(read[1])
        last = 12 if read[1] == "*" or (read[3] and not read[2]) else _month(read[2] or read[1])
        if not (1 <= first <= last <= 12):
            return []
        found |= set(range(first, last + 1, int(read[3] or 1) or 1))
    return sorted(found)


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS.index(text) + 1 if text in _MONTHS else 0
