"""What statements of OCI policies let their subjects do, said as findings.

A statement is judged by itself. Where it is known to grant a power in a compartment at least, and the place is not
known, it is judged as one for a compartment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..findings import Finding, Outcome, Severity, WitnessRecord, undecided
from ..model import Resource, Value
from ..oci.grants import ADMINISTRATORS, full_name
from ..oci.meaning import ANYONE, No, Power, Reached, Scope, Undecided, never_holds, reaches, scope
from ..oci.permissions import is_listed
from ..oci.tree import Action, Grant, Kind, Name, Permissions, Subject, SubjectKind, brief
from ..values import has_stand_in
from .oci_statements import shown, statements

# What a service does is done on behalf of others, and judged as that.
PEOPLE_AND_WORKLOADS: Final = frozenset(SubjectKind) - {SubjectKind.SERVICE}
_LONGEST_FIX: Final = 600
_BUILT_IN: Final = "Tenant Admin Policy"
_WHERE: Final = {
    Scope.TENANCY: "of the tenancy",
    Scope.COMPARTMENT: "of the compartment",
    Scope.ELSEWHERE: "of the other tenancy",
    None: "of that place",
}


def always(_statement: Grant) -> bool:
    """For dangers that any statement may be about."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """A power that few should have, or what an action grants of some sort. `means` says what its holder may do, after
    the subject, with `{where}` for the tenancy or compartment and `{action}` for the action; `narrower` is the
    statement with less in it, for the fix. A severity of None is nothing to speak of. Statements count where they are
    `about` what is meant, and with `spelled_out` only where they name permissions in place of a verb.
    """

    power: Power | Callable[[Action], Power]
    means: str
    narrower: Callable[[Grant], Grant]
    tenancy: Severity
    compartment: Severity | None = None
    subjects: frozenset[SubjectKind] = frozenset(SubjectKind)
    kinds: frozenset[Kind] = frozenset({Kind.ALLOW, Kind.ADMIT})
    about: Callable[[Grant], bool] = always
    spelled_out: bool = False


def granted(resource: Resource) -> Iterator[tuple[Value, Grant]]:
    """The statements of a policy that grant something, each with its place; not those that every tenancy has."""
    for value, statement in statements(resource):
        if isinstance(statement, Grant) and not statement.denies and not is_built_in(resource, statement):
            yield value, statement


def is_built_in(resource: Resource, statement: object) -> bool:
    """Whether it is the statement for Administrators with which every tenancy begins, in the policy nobody can change."""
    return (
        resource["name"].text == _BUILT_IN
        and isinstance(statement, Grant)
        and isinstance(statement.subject, Subject)
        and statement.subject.kind is SubjectKind.GROUP
        and [full_name(name) for name in statement.subject.names] == [ADMINISTRATORS]
    )


def found(resource: Resource, *dangers: Danger) -> Iterator[Finding]:
    """What a policy says of the first of several dangers that a statement holds, for each statement. One that cannot be
    decided does not hide the next."""
    for value, statement in granted(resource):
        said = [finding for danger in dangers if (finding := _judged(value, statement, danger)) is not None]
        certain = next((finding for finding in said if finding.outcome is Outcome.VIOLATION), None)
        if said and said[0] is not certain:
            yield shown(value, said[0])
        if certain is not None:
            yield shown(value, certain)


def _judged(value: Value, statement: Grant, danger: Danger) -> Finding | None:
    if not _is_about(statement, danger):
        return None
    power = danger.power if isinstance(danger.power, Power) else danger.power(statement.action)
    answer = reaches(statement, power) if power.permissions else No()
    if isinstance(answer, No):
        return None
    where = answer.scope if isinstance(answer, Reached) else scope(statement)
    severity = danger.tenancy if where is Scope.TENANCY else danger.compartment
    if where is Scope.COMPARTMENT and severity is None:
        return None
    means = f"{who(statement)} {danger.means.format(where=_WHERE[where], action=brief(statement.action))}"
    if isinstance(answer, Undecided):
        return undecided(value.path, f"whether {means}: {answer.reason}", cause=value.path)
    if severity is None:
        place = brief(statement.place)
        return undecided(value.path, f"whether {means}: it hangs on its location (`{place}`)", cause=value.path)
    # Of all that a verb grants, one permission says less than the verb.
    told = isinstance(danger.power, Power) and is_listed(answer.permission)
    return Finding(
        path=value.path,
        message=f"{means}: the statement grants {answer.permission}" if told else means,
        fix=paste("Grant less, such as", statement, danger.narrower(statement)),
        severity=severity,
        witness=request(statement, answer.permission if told else "", answer.context),
        cause=value.path,
    )


def _is_about(statement: Grant, danger: Danger) -> bool:
    subject = statement.subject
    return (
        statement.kind in danger.kinds
        and (not isinstance(subject, Subject) or subject.kind in danger.subjects)
        and danger.about(statement)
        and (not danger.spelled_out or isinstance(statement.action, Permissions))
    )


def paste(advice: str, statement: Grant, narrower: Grant) -> str:
    """A fix that shows what to write in place of a statement; empty where that is the same, grants nothing, or is too
    long to show."""
    text = str(narrower)
    fits = narrower != statement and len(text) <= _LONGEST_FIX and not has_stand_in(text) and not never_holds(narrower)
    return f"{advice}: {text}" if fits else ""


def who(statement: Grant) -> str:
    """Whom a statement is about, as the subject of a sentence in the singular."""
    subject = statement.subject
    if isinstance(statement.origin, Name):
        return f"{brief(subject)} of tenancy {statement.origin}"
    if isinstance(subject, Subject) and subject.kind in ANYONE:
        return "whoever meets its condition" if statement.condition is not None else "everyone"
    return brief(subject)


def request(statement: Grant, action: str = "", context: Mapping[str, str] | None = None) -> WitnessRecord:
    """The request that shows what a statement grants: for its whole action, or for one of it."""
    return {
        "principal": brief(statement.subject),
        "action": action or brief(statement.action),
        "resource": brief(statement.place),
        "context": dict(context or {}),
    }
