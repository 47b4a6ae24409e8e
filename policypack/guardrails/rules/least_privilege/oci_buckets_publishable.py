"""An OCI policy lets its subject open buckets to the internet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import in_a_compartment, inspecting
from ...oci.powers import PUBLISH_BUCKETS, PUBLISH_NAMED_BUCKETS
from ...rule import ResourceRule
from ..oci_grants import PEOPLE_AND_WORKLOADS, Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_EVERY: Final = Danger(
    power=PUBLISH_BUCKETS,
    means="may open every bucket {where} to the internet",
    narrower=in_a_compartment,
    tenancy=Severity.MEDIUM,
    subjects=PEOPLE_AND_WORKLOADS,
)
# Whoever administers buckets may publish them; whoever names the permission wants just that.
_NAMED: Final = Danger(
    power=PUBLISH_NAMED_BUCKETS,
    means="may open a bucket {where} to the internet",
    narrower=inspecting,
    tenancy=Severity.LOW,
    compartment=Severity.LOW,
    spelled_out=True,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _EVERY, _NAMED)


RULE = ResourceRule(
    id="oci-buckets-publishable",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An OCI policy lets its subject open buckets to the internet",
    why="BUCKET_UPDATE changes who may read a bucket without signing in; PAR_MANAGE makes addresses that anybody may open.",
    fix="Name the compartment, or leave both permissions to those who decide what is published.",
    covers=("LP-88c", "PB-65"),
    yields_to=above("oci-buckets-publishable"),
    types=STATEMENT_TYPES,
    check=check,
)
