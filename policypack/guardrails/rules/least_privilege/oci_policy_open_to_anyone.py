"""An OCI policy grants something to every user or every principal."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.meaning import Open, Undecided, open_to_anyone
from ...oci.rejection import Unreadable
from ...oci.tree import Grant
from ...oci.workloads import of_workloads_alone
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if isinstance(statement, Unreadable):
            reason = f"to whom this statement grants cannot be read yet: {statement.reason}"
            yield shown(value, undecided(value.path, reason, cause=value.path))
        if not isinstance(statement, Grant):
            continue
        answer = open_to_anyone(statement)
        # What makes it open to pods is the cluster that it does not name, which another rule says.
        cause = value.path if of_workloads_alone(statement) else ""
        if isinstance(answer, Undecided):
            yield shown(value, undecided(value.path, answer.reason, cause=cause))
        elif isinstance(answer, Open):
            who = (
                "any principal of that kind, in any compartment,"
                if answer.kind_only
                else "every principal of the tenancy"
            )
            found = Finding(
                path=value.path,
                message=f"{who} qualifies for this statement: `{answer.witness}`",
                severity=Severity.HIGH if answer.kind_only else None,
                witness={
                    "principal": "any principal of the kind" if answer.kind_only else "any user, instance or function",
                    "action": str(statement.action),
                    "resource": str(statement.place),
                    "context": {},
                },
                cause=cause,
            )
            yield shown(value, found)


RULE = ResourceRule(
    id="oci-policy-open-to-anyone",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy grants to anyone",
    why="`any-user` takes in every user, instance, function and service principal of the tenancy, those created later included.",
    fix="Name a group or dynamic group, or say who qualifies: where request.principal.id = 'OCID'.",
    yields_to=("oci-policy-all-resources-in-tenancy", "oci-workload-statement-without-cluster"),
    types=STATEMENT_TYPES,
    check=check,
)
