"""An OCI policy grants something to every user or every principal."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.meaning import Open, Undecided, open_to_anyone
from ...oci.rejection import Unreadable
from ...oci.tree import Grant, brief
from ...oci.workloads import of_workloads_alone
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, cause_of_workloads, shown, statements
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if isinstance(statement, Unreadable):
            reason = f"to whom this statement grants cannot be read yet: {statement.reason}"
            yield shown(value, undecided(value.path, reason, cause=value.path))
        if not isinstance(statement, Grant):
            continue
        # What makes it open to pods is the cluster that it does not name, which another rule says.
        cause = cause_of_workloads(value) if of_workloads_alone(statement) else value.path
        answer = open_to_anyone(statement)
        if isinstance(answer, Undecided):
            reason = f"whether anyone qualifies: {answer.reason}"
            yield shown(value, undecided(value.path, reason, cause=cause))
        elif isinstance(answer, Open):
            yield shown(value, _finding(value.path, statement, answer, cause))


def _finding(path: str, statement: Grant, answer: Open, cause: str) -> Finding:
    who, principal = "every principal of the tenancy", "any user, instance or function"
    if answer.kind_only:
        who, principal = "any principal of that kind, in any compartment,", "any principal of the kind"
    return Finding(
        path=path,
        message=f"{who} qualifies for this statement: `{answer.witness}`",
        severity=Severity.HIGH if answer.kind_only else None,
        witness={
            "principal": principal,
            "action": brief(statement.action),
            "resource": brief(statement.place),
            "context": {},
        },
        cause=cause,
    )


RULE = ResourceRule(
    id="oci-policy-open-to-anyone",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy grants to anyone",
    why="`any-user` takes in every user, instance, function and service principal of the tenancy, those created later included.",
    fix="Name a group or dynamic group, or say who qualifies: where request.principal.id = 'OCID'.",
    covers=("LP-88", "LP-89"),
    yields_to=(*above("oci-policy-open-to-anyone"), "oci-workload-statement-without-cluster"),
    types=STATEMENT_TYPES,
    check=check,
)
