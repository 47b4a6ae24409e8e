"""An OCI policy lets its subject run commands on every instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import of_one_instance
from ...oci.powers import RUN_COMMANDS
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DANGER: Final = Danger(
    power=RUN_COMMANDS,
    means="may run commands on every instance {where}, with the rights of that instance",
    narrower=of_one_instance,
    tenancy=Severity.HIGH,
    compartment=Severity.LOW,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-escalation-by-run-command",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An OCI policy lets its subject run commands on every instance",
    why="A command runs as administrator of the host, and lets its sender escalate to whatever the dynamic groups of the host hold.",
    fix="Grant it for one compartment, or name the instances: where target.instance.id = 'OCID'.",
    covers=("LP-88c",),
    yields_to=above("oci-escalation-by-run-command"),
    types=STATEMENT_TYPES,
    check=check,
)
