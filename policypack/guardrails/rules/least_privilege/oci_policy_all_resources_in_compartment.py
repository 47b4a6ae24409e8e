"""An OCI policy grants everything in a compartment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.meaning import GrantsAll, Scope, Undecided, grants_all_resources, scope
from ...oci.narrower import of_one_family
from ...oci.tree import Verb, brief
from ...rule import ResourceRule
from ..oci_grants import granted, paste, request, who
from ..oci_statements import STATEMENT_TYPES, shown
from ..precedence import above

_MEANS: Final = {
    Verb.MANAGE: ("may do everything {where} and below it, write its policies too", Severity.MEDIUM),
    Verb.USE: ("may change everything that exists {where} and below it", Severity.MEDIUM),
    Verb.READ: ("may read everything {where} and below it: every object, every secret", Severity.LOW),
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in granted(resource):
        answer = grants_all_resources(statement)
        if isinstance(answer, Undecided) and scope(statement) is Scope.COMPARTMENT:
            reason = f"whether {who(statement)} is granted all resources of the compartment: {answer.reason}"
            yield shown(value, undecided(value.path, reason, cause=value.path))
        if isinstance(answer, GrantsAll) and answer.scope is not Scope.TENANCY and answer.verb in _MEANS:
            means, severity = _MEANS[answer.verb]
            where = "in the compartment" if answer.scope else "in that place, which may be the whole tenancy,"
            finding = Finding(
                path=value.path,
                message=f"{who(statement)} {means.format(where=where)}: `{brief(statement.action)} in {brief(statement.place)}`",
                fix=paste("Grant the families that are needed, one a statement", statement, of_one_family(statement)),
                severity=severity,
                witness=request(statement),
                cause=value.path,
            )
            yield shown(value, finding)


RULE = ResourceRule(
    id="oci-policy-all-resources-in-compartment",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An OCI policy grants everything in a compartment",
    why="Such an administrator reads every secret and grants others what he wants; where one compartment holds everything, the scope is one in name only.",
    fix="Grant the families that are needed: Allow group NAME to manage FAMILY in compartment COMPARTMENT.",
    controls=("CIS-OCI-3.0.0:1.1",),
    covers=("LP-81",),
    # That rule says where it is certain that the place is the tenancy, and yields to this one where it doubts it.
    yields_to=tuple(
        other
        for other in above("oci-policy-all-resources-in-compartment")
        if other != "oci-policy-all-resources-in-tenancy"
    ),
    types=STATEMENT_TYPES,
    check=check,
)
