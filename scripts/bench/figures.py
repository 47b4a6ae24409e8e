"""What is measured, how much of it is run, and the table of the results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

TOLERANCE: Final = 1.25


class BenchError(RuntimeError):
    """Something could not be measured; the text says what."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run.

    `rounds` of calls for about `seconds` of processor time each, `requests` sent, and processes started. Of what is
    large there are `large_runs`: a program of so many `resources`, and a state of so many megabytes. Of the recorded
    policies the first `documents` are read. Stacks of so many `identities` and `buckets` are judged, and of ten times
    as many.
    """

    seconds: float = 0.02
    rounds: int = 7
    requests: int = 300
    starts: int = 15
    runs: int = 9
    large_runs: int = 3
    resources: int = 1_000
    state_megabytes: float = 50.0
    documents: int = 10_000
    identities: int = 1_000
    buckets: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure.

    `ratio` is ours to the reference's and does not depend on the machine. `value` is what `budget` bounds, in the
    same unit; `limit` is the budget for people, `measured` the absolute numbers.
    """

    name: str
    ratio: float
    value: float
    budget: float
    limit: str
    measured: str

    @property
    def verdict(self) -> str:
        if self.value <= self.budget:
            return "met"
        return f"{self.value / self.budget - 1:.0%} over"

    @property
    def failed(self) -> bool:
        """Whether the budget is missed by more than what a busy machine explains."""
        return self.value > self.budget * TOLERANCE


def table(figures: Iterable[Figure], *, markdown: bool) -> str:
    """The figures as text: the ratio first, the absolute numbers last, in parentheses."""
    head = ("Ours / reference", "Ratio", "Budget", "", "Measured")
    rows = [
        (figure.name, f"{figure.ratio:.2f}x", figure.limit, figure.verdict, f"({figure.measured})")
        for figure in figures
    ]
    if markdown:
        return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---", "---:", "---:", "---", "---"), *rows))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = (
        f"{name:{widths[0]}}  {ratio:>{widths[1]}}  {limit:>{widths[2]}}  {verdict:{widths[3]}}  {measured}".rstrip()
        for name, ratio, limit, verdict, measured in (head, *rows)
    )
    return "\n".join(lines)
