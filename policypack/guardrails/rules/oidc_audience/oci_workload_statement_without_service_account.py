"""An OCI policy grants to every workload of a Kubernetes cluster or namespace."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.rejections.rejection import Rejected, Unreadable
from ...oci.workloads import workloads
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if isinstance(statement, Rejected | Unreadable):
            continue
        ways = [each for each in workloads(statement) if each.one_cluster]
        if any(each.namespace is False for each in ways):
            which = "every pod of the cluster qualifies, or of each namespace: none is named"
            yield shown(value, Finding(path=value.path, message=which))
        elif any(each.service_account is False for each in ways):
            which = "every pod of the namespace qualifies: no service account is named"
            yield shown(value, Finding(path=value.path, message=which))


RULE = ResourceRule(
    id="oci-workload-statement-without-service-account",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="An OCI policy grants to every workload of a cluster or namespace",
    why="Any pod that somebody may start in the cluster, also one of another team, gets what this grants.",
    fix="Name both: request.principal.namespace = 'NAMESPACE', request.principal.service_account = 'ACCOUNT'.",
    covers=("OI-12f",),
    types=STATEMENT_TYPES,
    check=check,
)
