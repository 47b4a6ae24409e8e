"""An OCI policy grants everything in the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.meaning import (
    GrantsAll,
    Open,
    Reached,
    Scope,
    Undecided,
    grants_all_resources,
    open_to_anyone,
    reaches,
    scope,
)
from ...oci.narrower import of_one_family
from ...oci.powers import READ_OBJECTS, READ_SECRETS
from ...oci.rejections.rejection import Unreadable
from ...oci.tree import Grant, Verb, brief
from ...rule import ResourceRule
from ..oci_grants import is_built_in, paste, request, who
from ..oci_statements import STATEMENT_TYPES, shown, statements

_MEANS: Final = {
    Verb.MANAGE: ("may do everything in the tenancy", Severity.CRITICAL),
    Verb.USE: ("may change everything that exists in the tenancy", Severity.CRITICAL),
    Verb.READ: ("may read everything in the tenancy, objects or secrets too", Severity.HIGH),
    Verb.INSPECT: ("may list everything in the tenancy", Severity.LOW),
}

_DATA: Final = (READ_OBJECTS, READ_SECRETS)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if is_built_in(resource, statement):
            continue
        if isinstance(statement, Unreadable):
            reason = f"what this statement grants, and to whom, cannot be read yet: {statement.reason}"
            yield shown(value, undecided(value.path, reason, cause=value.path))
        elif isinstance(statement, Grant):
            answer = grants_all_resources(statement)
            if isinstance(answer, Undecided) and scope(statement) is not Scope.COMPARTMENT:
                reason = f"whether {who(statement)} is granted all resources of the tenancy: {answer.reason}"
                yield shown(value, undecided(value.path, reason, cause=value.path))
            elif isinstance(answer, GrantsAll) and answer.scope is None:
                reason = f"whether that is all of the tenancy hangs on its location (`{brief(statement.place)}`)"
                yield shown(value, undecided(value.path, reason, cause=value.path))
            elif isinstance(answer, GrantsAll) and answer.scope is Scope.TENANCY:
                yield shown(value, _finding(value.path, statement, answer))


def _finding(path: str, statement: Grant, answer: GrantsAll) -> Finding:
    means, severity = _MEANS[answer.verb]
    if answer.verb is Verb.READ and not any(isinstance(reaches(statement, each), Reached) for each in _DATA):
        means, severity = "may read how everything in the tenancy is set up", Severity.LOW
    anyone = isinstance(open_to_anyone(statement), Open)
    return Finding(
        path=path,
        message=f"{who(statement)} {means}",
        # One family for anyone is no less a grant to strangers.
        fix="" if anyone else paste("Grant one family in one compartment", statement, of_one_family(statement)),
        severity=Severity.CRITICAL if anyone else severity,
        witness=request(statement),
        cause=path,
    )


RULE = ResourceRule(
    id="oci-policy-all-resources-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy grants everything in the tenancy",
    why="Only the tenancy's own Administrators need this; a second such grant is a second way to lose everything.",
    fix="Grant one family in one compartment: Allow group NAME to manage FAMILY in compartment COMPARTMENT.",
    controls=("CIS-OCI-3.0.0:1.1", "CIS-OCI-3.0.0:1.2"),
    covers=("LP-80",),
    # Where it is certain that all of a compartment is granted, a doubt whether that is the tenancy says no more.
    yields_to=("oci-policy-all-resources-in-compartment",),
    types=STATEMENT_TYPES,
    check=check,
)
