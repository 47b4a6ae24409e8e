"""The ways in which a bucket is opened to strangers, each with what keeps them out all the same.

An opening is one ACL, grant or policy. Whether strangers get through it hangs on the rest of the stack: rules say those
that nothing stops, and others those that only a public access block stops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..aws.truth import Truth
from ..findings import Finding, Outcome, Severity, undecided
from ..model import Resource
from .access_blocks import Held
from .buckets import Bucket


@dataclass(frozen=True, slots=True)
class Opening:
    """One place that lets strangers in, and what is said of it where nothing keeps them out.

    `beside` is what the stack has against it that does not help, in words, or empty.
    """

    resource: Resource
    buckets: tuple[Bucket, ...]
    finding: Finding
    held: Held
    beside: str = ""

    @property
    def is_doubt(self) -> bool:
        """Whether it is not known yet to be one."""
        return self.finding.outcome is Outcome.UNDECIDED


_UNCLEAR: Final = (
    "Remove the grant, or give the bucket a public access block of its own with all four flags written out."
)
_LIFTED: Final = "Remove the grant that is overridden, so that the program says what holds."
_LASTING: Final = "Name who is meant: what the policy grants to everybody, nobody gets."


def is_said(opening: Opening) -> bool:
    """Whether there is anything to say: what may be no opening at all, and is shut in any case, is none."""
    return opening.held.truth is not Truth.YES or not opening.is_doubt


def reached(openings: Iterable[Opening]) -> Iterator[Finding]:
    """What is said of openings that strangers get through, and of those where that cannot be told."""
    for one in openings:
        finding, held = one.finding, one.held
        if held.truth is Truth.YES:
            continue
        if held.truth is Truth.NO:
            yield (
                finding
                if one.is_doubt or not one.beside
                else replace(finding, message=f"{finding.message}; {one.beside}")
            )
        elif one.is_doubt:
            yield finding
        else:
            reason = f"{finding.message}; whether {held.by} keeps them out is not known yet"
            yield replace(undecided(finding.path, reason, cause=finding.cause, urn=finding.urn), fix=_UNCLEAR)


def held_back(openings: Iterable[Opening]) -> Iterator[Finding]:
    """What is said of openings that are shut by something else only."""
    for one in openings:
        if one.held.truth is Truth.YES and not one.is_doubt:
            lasting = one.held.lasting
            message = f"{one.finding.message}; {'' if lasting else 'only '}{one.held.by} keeps them out"
            severity = Severity.LOW if lasting else Severity.MEDIUM
            yield replace(one.finding, message=message, severity=severity, fix=_LASTING if lasting else _LIFTED)
