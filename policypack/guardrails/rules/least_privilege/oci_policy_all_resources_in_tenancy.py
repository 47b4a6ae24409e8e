"""An OCI policy grants everything in the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.meaning import GrantsAll, Undecided, grants_all_resources_in_tenancy
from ...oci.rejection import Unreadable
from ...oci.tree import Grant, Verb
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements

_MEANS: Final = {
    Verb.MANAGE: ("may do everything in the tenancy", Severity.CRITICAL),
    Verb.USE: ("may change everything that exists in the tenancy", Severity.CRITICAL),
    Verb.READ: ("may read everything in the tenancy: every object, every secret", Severity.HIGH),
    Verb.INSPECT: ("may list everything in the tenancy", Severity.LOW),
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if isinstance(statement, Unreadable):
            reason = f"what this statement grants, and to whom, cannot be read yet: {statement.reason}"
            yield shown(value, undecided(value.path, reason, cause=value.path))
        elif isinstance(statement, Grant):
            answer = grants_all_resources_in_tenancy(statement)
            if isinstance(answer, Undecided):
                yield shown(value, undecided(value.path, answer.reason))
            elif isinstance(answer, GrantsAll):
                means, severity = _MEANS[answer.verb]
                found = Finding(
                    path=value.path,
                    message=f"{statement.subject} {means}",
                    severity=severity,
                    witness={
                        "principal": str(statement.subject),
                        "action": f"{answer.verb.value} all-resources",
                        "resource": "tenancy",
                        "context": {},
                    },
                )
                yield shown(value, found)


RULE = ResourceRule(
    id="oci-policy-all-resources-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy grants everything in the tenancy",
    why="Only the tenancy's own Administrators need this; a second such grant is a second way to lose everything.",
    fix="Grant one family in one compartment: Allow group NAME to manage FAMILY in compartment COMPARTMENT.",
    controls=("CIS-OCI-3.0.0:1.2", "CIS-OCI-3.0.0:1.1"),
    types=STATEMENT_TYPES,
    check=check,
)
