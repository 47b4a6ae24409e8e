"""What a rule says: findings, and the scales they are placed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias


class Concern(StrEnum):
    """The four questions the rules answer."""

    LEAST_PRIVILEGE = "least-privilege"
    SECRET_MARKING = "secret-marking"  # noqa: S105 - the name of a concern
    PRIVATE_BUCKETS = "private-buckets"
    OIDC_AUDIENCE = "oidc-audience"


class Level(StrEnum):
    """CrossGuard's enforcement levels: what the engine does with a finding."""

    DISABLED = "disabled"
    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"


class Severity(Enum):
    """How bad a finding is. Ordered by `rank`, 1 (low) to 4 (critical)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self) + 1

    @property
    def level(self) -> Level:
        """The enforcement level of a finding of this severity where nobody configured one."""
        return Level.ADVISORY if self is Severity.LOW else Level.MANDATORY


class Outcome(StrEnum):
    """`ERROR` means only that the check itself failed."""

    VIOLATION = "violation"
    UNDECIDED = "undecided"
    WAIVED = "waived"
    ERROR = "error"


class Evidence(StrEnum):
    """Where a finding was seen: in what an engine sends, or in the program that only preflight has run."""

    WIRE = "wire"
    PROGRAM = "program"


WitnessRecord: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place in the program: `file` relative to the project, `line` counted from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a rule has to say about one place.

    `path` is the property path (`policy.Statement[0].Principal`; `outputs.NAME…` for a stack export). `message`
    gives the cause, in words that stand alone. `fix` replaces the rule's general advice by one for this place.
    `witness` is the concrete request, or the list of them, that shows the finding. `cause` is the place whose mistake
    this is, for rules that yield to each other. A stack rule names the resource
    it speaks of in `urn`, and in `name` what to call it where that is not the resource (an export). `severity`
    replaces the rule's own.
    """

    path: str
    message: str
    fix: str = ""
    outcome: Outcome = Outcome.VIOLATION
    severity: Severity | None = None
    witness: WitnessRecord | Sequence[WitnessRecord] | None = None
    cause: str = ""
    evidence: Evidence = Evidence.WIRE
    urn: str = ""
    name: str = ""
    source: Source | None = None


_READABLE: Final = (
    "Build the value from names and configuration, which are known at preview, in place of outputs that are not; "
    "or run `preflight check`, which has stand-ins for outputs."
)


def undecided(path: str, reason: str, *, cause: str = "", urn: str = "", name: str = "") -> Finding:
    """A finding that says the verdict hangs on something that cannot be read yet."""
    return Finding(path=path, message=reason, outcome=Outcome.UNDECIDED, fix=_READABLE, cause=cause, urn=urn, name=name)
