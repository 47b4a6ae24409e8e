"""An OCI policy grants to Kubernetes workloads of any cluster."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.tree import Grant
from ...oci.workloads import in_one_cluster, told_by_name, workloads
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, cause_of_workloads, shown, statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if not isinstance(statement, Grant):
            continue
        open_to_clusters = [each for each in workloads(statement) if each.one_cluster is not True]
        certain = [each for each in open_to_clusters if each.one_cluster is False]
        if certain:
            named = told_by_name(statement)
            pods = "a pod of that namespace and service account" if named else "a pod"
            found = Finding(
                path=value.path,
                message=f"{pods} in any cluster of the tenancy qualifies, in one that somebody makes for it too",
                severity=Severity.MEDIUM if named else None,
                fix=f"Name the cluster too: {in_one_cluster(statement)}",
                cause=cause_of_workloads(value),
            )
            yield shown(value, found)
        elif open_to_clusters:
            reason = "whether pods of one cluster alone qualify hangs on a part that is not known"
            yield shown(value, undecided(value.path, reason, cause=cause_of_workloads(value)))


RULE = ResourceRule(
    id="oci-workload-statement-without-cluster",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="An OCI policy grants to workloads of any Kubernetes cluster",
    why="Names of namespaces and service accounts are free in every cluster, so whoever may make one gets what this grants.",
    fix="Name the cluster too: where all {…, request.principal.cluster_id = 'CLUSTER_OCID'}.",
    covers=("OI-12f",),
    types=STATEMENT_TYPES,
    check=check,
)
