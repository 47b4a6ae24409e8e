"""An OCI policy lets its subject read every object of the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import in_a_compartment
from ...oci.powers import READ_OBJECTS
from ...rule import ResourceRule
from ..oci_grants import PEOPLE_AND_WORKLOADS, Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DANGER: Final = Danger(
    power=READ_OBJECTS,
    means="may read the contents of every bucket {where}",
    narrower=in_a_compartment,
    tenancy=Severity.MEDIUM,
    subjects=PEOPLE_AND_WORKLOADS,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-objects-readable-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An OCI policy lets its subject read every object of the tenancy",
    why="One leaked key of its members gives away the data of every team.",
    fix="Name the compartment, or the bucket: where target.bucket.name = 'NAME'.",
    covers=("LP-88c", "PB-65"),
    yields_to=above("oci-objects-readable-in-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
