"""An OCI policy lets its subject write dynamic groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import of_one_dynamic_group
from ...oci.powers import WRITE_DYNAMIC_GROUPS
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DANGER: Final = Danger(
    power=WRITE_DYNAMIC_GROUPS,
    means="may rewrite who belongs to any dynamic group {where}, and take in a resource of its own",
    narrower=of_one_dynamic_group,
    tenancy=Severity.HIGH,
    compartment=Severity.MEDIUM,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-escalation-by-dynamic-groups",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An OCI policy lets its subject write dynamic groups",
    why="A matching rule decides which resources hold the rights of a dynamic group, so that its writer may escalate to them.",
    fix="Name the dynamic groups: where target.dynamicgroup.name = 'NAME'.",
    covers=("LP-88c",),
    yields_to=above("oci-escalation-by-dynamic-groups"),
    types=STATEMENT_TYPES,
    check=check,
)
