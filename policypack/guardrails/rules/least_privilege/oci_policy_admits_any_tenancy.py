"""An OCI policy admits principals of any tenancy."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.meaning import No, Undecided, open_to_anyone
from ...oci.tree import Kind, PlaceKind, brief
from ...rule import ResourceRule
from ..oci_grants import granted, request
from ..oci_statements import STATEMENT_TYPES, shown
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in granted(resource):
        if statement.kind is not Kind.ADMIT or statement.origin is not PlaceKind.ANY_TENANCY:
            continue
        answer = open_to_anyone(statement)
        if isinstance(answer, Undecided):
            reason = f"whether strangers of other tenancies get in: {answer.reason}"
            yield shown(value, undecided(value.path, reason, cause=value.path))
        elif not isinstance(answer, No):
            finding = Finding(
                path=value.path,
                message=f"whoever has a tenancy of Oracle Cloud may {brief(statement.action)} in {brief(statement.place)}",
                witness={**request(statement), "principal": "a user of a tenancy that a stranger makes"},
                cause=value.path,
            )
            yield shown(value, finding)


RULE = ResourceRule(
    id="oci-policy-admits-any-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy admits principals of any tenancy",
    why="Anybody may have a tenancy, so the statement lets in anybody.",
    fix="Define the tenancy, and admit a group of it: Define tenancy PARTNER as ocid1.tenancy.oc1..UNIQUE_ID, then Admit group NAME of tenancy PARTNER.",
    covers=("LP-88b", "PB-65"),
    yields_to=above("oci-policy-admits-any-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
