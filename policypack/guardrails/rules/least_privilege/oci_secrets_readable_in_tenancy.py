"""An OCI policy lets its subject read every secret of the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import in_a_compartment
from ...oci.powers import READ_SECRETS
from ...rule import ResourceRule
from ..oci_grants import PEOPLE_AND_WORKLOADS, Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DANGER: Final = Danger(
    power=READ_SECRETS,
    means="may read the plain text of every secret {where}",
    narrower=in_a_compartment,
    tenancy=Severity.HIGH,
    subjects=PEOPLE_AND_WORKLOADS,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-secrets-readable-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An OCI policy lets its subject read every secret of the tenancy",
    why="One leaked key of its members gives away every password, key and token that the tenancy keeps.",
    fix="Name the compartment, or the secrets: where target.secret.name = 'NAME'.",
    covers=("LP-88c",),
    yields_to=above("oci-secrets-readable-in-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
