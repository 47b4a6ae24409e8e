"""The ways in which a bucket is opened to strangers, each with what keeps them out all the same.

An opening is one ACL, grant or policy. Whether strangers get through it hangs on the rest of the stack: rules say those
that nothing stops, and others those that only a public access block stops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..aws.truth import Truth
from ..findings import Finding, Outcome, Severity, undecided
from ..model import Resource
from .buckets import Bucket, Held


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


def reached(openings: Iterable[Opening]) -> Iterator[Finding]:
    """What is said of openings that strangers get through, and of those where that cannot be told."""
    for one in openings:
        finding, held = one.finding, one.held
        is_doubt = finding.outcome is Outcome.UNDECIDED
        if held.truth is Truth.YES:
            continue
        if held.truth is Truth.NO:
            yield (
                finding if is_doubt or not one.beside else replace(finding, message=f"{finding.message}; {one.beside}")
            )
        elif is_doubt:
            yield finding
        else:
            reason = f"{finding.message}; whether {held.by} keeps them out is not known yet"
            yield undecided(finding.path, reason, cause=finding.cause, urn=finding.urn)


def held_back(openings: Iterable[Opening]) -> Iterator[Finding]:
    """What is said of openings that are shut by something else only."""
    for one in openings:
        if one.held.truth is Truth.YES and one.finding.outcome is Outcome.VIOLATION:
            message = f"{one.finding.message}; only {one.held.by} keeps them out"
            yield replace(one.finding, message=message, severity=Severity.MEDIUM)
