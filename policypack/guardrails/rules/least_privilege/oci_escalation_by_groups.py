"""An OCI policy lets its subject add members to any group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import of_one_group
from ...oci.powers import JOIN_ADMINISTRATORS
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_ADMINISTRATORS: Final = Danger(
    power=JOIN_ADMINISTRATORS,
    means="may add members to any group {where}, itself to Administrators too",
    narrower=of_one_group,
    tenancy=Severity.CRITICAL,
    compartment=Severity.MEDIUM,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _ADMINISTRATORS)


RULE = ResourceRule(
    id="oci-escalation-by-groups",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy lets its subject add members to any group",
    why="Adding oneself to a more powerful group is the shortest way to escalate.",
    fix="Name the groups: where target.group.name = 'NAME', or a pattern such as /app-*/.",
    controls=("CIS-OCI-3.0.0:1.3",),
    covers=("LP-82", "LP-88c"),
    yields_to=above("oci-escalation-by-groups"),
    types=STATEMENT_TYPES,
    check=check,
)
