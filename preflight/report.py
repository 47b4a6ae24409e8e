"""What a run found, in the form every report is written from, and the exit status it leads to."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any, Final

from policypack.guardrails.findings import Level, Outcome, Severity

from . import __version__

SCHEMA: Final = "preflight/report/v1"
UNCHECKED_TYPE: Final = "unchecked-type"
# The kinds of failure of a program that raised, and of one that ran to its end on configuration that was invented.
RAISED: Final = "exception"
MISSING: Final = "missing-config"


class Exit(IntEnum):
    """The exit statuses; the higher one wins."""

    PASSED = 0
    FAILED = 1
    UNABLE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a program; `file` is relative to the project."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was checked. `path` is as the user gave it; `resources` counts what is declared, default providers apart."""

    kind: str
    path: str
    project: str = ""
    stack: str = ""
    resources: int = 0

    @property
    def label(self) -> str:
        """The subject in a few words."""
        what = self.project if self.path == "." and self.project else self.path
        return f"{what} ({self.stack})" if self.stack else what


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to know about a run that judges nothing, such as a configuration value that was invented."""

    subject: int
    kind: str
    message: str
    source: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a subject could not be checked to its end. `detail` is the tail of the program's own traceback.

    `kind` is `exception`, `exit`, `config`, `import`, `environment`, `died`, `timeout` or `missing-config`, for a state
    `unreadable`.
    """

    subject: int
    kind: str
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One finding as it is reported.

    `concern`, `fix` and `docs` are empty for policies of a pack that does not say them. `enforcement` is `remediate`
    where a remediation has mended the resource, never for what is left to do.
    """

    subject: int
    rule: str
    concern: str
    severity: str
    enforcement: str
    outcome: str
    evidence: str
    urn: str
    type: str
    name: str
    path: str
    message: str
    fix: str = ""
    witness: object = None
    docs: str = ""
    source: Place | None = None
    fingerprint: str = ""

    def fails(self, fail_on: Severity | None, *, strict: bool) -> bool:
        """Whether this finding alone makes the run fail; `fail_on` None means that none does."""
        counted = self.outcome == Outcome.VIOLATION or (strict and self.outcome == Outcome.UNDECIDED)
        return (
            counted
            and self.enforcement == Level.MANDATORY
            and fail_on is not None
            and Severity(self.severity).rank >= fail_on.rank
        )

    @property
    def order(self) -> tuple[object, ...]:
        """Where a finding stands in a report: the same from run to run."""
        return (
            self.subject,
            self.urn,
            self.rule,
            self.path,
            self.name,
            self.outcome,
            self.message,
            self.severity,
            # What is mended and what is left to do may be said in the same words.
            self.enforcement,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a run has to say. Build it with `build`, which sorts and adds fingerprints."""

    subjects: Sequence[Subject]
    rules: int
    findings: Sequence[Entry] = ()
    notices: Sequence[Notice] = ()
    failures: Sequence[Failure] = ()
    unchecked_types: Sequence[str] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def resources(self) -> int:
        """How many resources were judged, over all subjects."""
        return sum(subject.resources for subject in self.subjects)

    def exit_status(self, fail_on: Severity | None, *, strict: bool) -> Exit:
        """0 passed, 1 failed, 2 the check itself could not be done."""
        if self.failures or self.counts.get(Outcome.ERROR):
            return Exit.UNABLE
        failed = any(entry.fails(fail_on, strict=strict) for entry in self.findings)
        return Exit.FAILED if failed else Exit.PASSED


def build(
    subjects: Sequence[Subject],
    *,
    rules: int,
    findings: Iterable[Entry],
    notices: Iterable[Notice] = (),
    failures: Iterable[Failure] = (),
) -> Report:
    """A report with its findings sorted, said once and fingerprinted.

    A notice of the kind `unchecked-type` carries a type token as its message, and becomes one of `unchecked_types`.
    """
    entries = sorted({_Keyed(entry): None for entry in findings}, key=lambda keyed: keyed.order)
    placed = tuple(_fingerprinted(keyed.entry for keyed in entries))
    said = dict.fromkeys(notices)
    return Report(
        subjects=tuple(subjects),
        rules=rules,
        findings=placed,
        notices=tuple(sorted((one for one in said if one.kind != UNCHECKED_TYPE), key=_notice_order)),
        failures=tuple(failures),
        unchecked_types=tuple(sorted({one.message for one in said if one.kind == UNCHECKED_TYPE})),
        counts=Counter(entry.outcome for entry in placed),
    )


class _Keyed:
    """An entry that equals another one which says the same of the same place, whatever its witness."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.order = entry.order

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self.order == other.order

    def __hash__(self) -> int:
        return hash(self.order)


def _notice_order(notice: Notice) -> tuple[object, ...]:
    place = notice.source or Place("", 0)
    return (notice.subject, notice.kind, place.file, place.line, notice.message)


def _fingerprinted(entries: Iterable[Entry]) -> Iterable[Entry]:
    seen: Counter[tuple[int, str]] = Counter()
    for entry in entries:
        identity = "\0".join((entry.rule, _without_stack(entry.urn), entry.path, _without_stack_name(entry)))
        seen[(entry.subject, identity)] += 1
        number = seen[(entry.subject, identity)]
        digest = hashlib.sha256(f"{identity}\0{number}".encode()).hexdigest()[:32]
        yield replace(entry, fingerprint=digest)


def _without_stack(urn: str) -> str:
    """A URN in which neither the stack nor the stack resource's own name (`PROJECT-STACK`) takes part."""
    parts = urn.split("::", 3)
    if len(parts) != 4:
        return urn
    return "::".join((parts[1], parts[2], "" if parts[2] == "pulumi:pulumi:Stack" else parts[3]))


def _without_stack_name(entry: Entry) -> str:
    parts = entry.urn.split("::", 3)
    return "" if len(parts) == 4 and entry.name == parts[3] else entry.name


def default_provider(urn: str) -> bool:
    """Whether a URN is of a provider that the engine adds by itself."""
    return re.search(r"::pulumi:providers:[^:]+::default(_\d[^:]*)?$", urn) is not None


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON, version 1. `notices` and `failures` say what a verdict must be read with."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "preflight", "version": __version__},
        "subjects": [
            {"kind": subject.kind, "path": subject.path, "project": subject.project, "stack": subject.stack}
            for subject in report.subjects
        ],
        "summary": {
            "resources": report.resources,
            "rules": report.rules,
            "violations": report.counts.get(Outcome.VIOLATION, 0),
            "undecided": report.counts.get(Outcome.UNDECIDED, 0),
            "waived": report.counts.get(Outcome.WAIVED, 0),
            "errors": report.counts.get(Outcome.ERROR, 0),
            "unchecked_types": list(report.unchecked_types),
        },
        "findings": [_entry(entry) for entry in report.findings],
        "notices": [
            {"subject": one.subject, "kind": one.kind, "source": _place(one.source), "message": one.message}
            for one in report.notices
        ],
        "failures": [
            {"subject": one.subject, "kind": one.kind, "message": one.message, "detail": one.detail}
            for one in report.failures
        ],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "subject": entry.subject,
        "rule": entry.rule,
        "concern": entry.concern,
        "severity": entry.severity,
        "enforcement": entry.enforcement,
        "outcome": entry.outcome,
        "evidence": entry.evidence,
        "urn": entry.urn,
        "type": entry.type,
        "name": entry.name,
        "path": entry.path,
        "source": _place(entry.source),
        "message": entry.message,
        "fix": entry.fix,
        "witness": entry.witness,
        "docs": entry.docs,
        "fingerprint": entry.fingerprint,
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line} if place else None
