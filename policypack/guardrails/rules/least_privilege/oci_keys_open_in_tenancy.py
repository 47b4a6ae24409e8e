"""An OCI policy lets its subject use or delete every key of the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import in_a_compartment
from ...oci.powers import DELETE_KEYS, USE_KEYS
from ...rule import ResourceRule
from ..oci_grants import PEOPLE_AND_WORKLOADS, Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DELETE: Final = Danger(
    power=DELETE_KEYS,
    means="may delete the keys {where}, and with them all that they encrypt",
    narrower=in_a_compartment,
    tenancy=Severity.MEDIUM,
)
_USE: Final = Danger(
    power=USE_KEYS,
    means="may decrypt with every key {where}",
    narrower=in_a_compartment,
    tenancy=Severity.MEDIUM,
    # Services such as block volumes encrypt with keys wherever these are, as Oracle's own examples grant.
    subjects=PEOPLE_AND_WORKLOADS,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DELETE, _USE)


RULE = ResourceRule(
    id="oci-keys-open-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An OCI policy lets its subject use or delete every key of the tenancy",
    why="Whoever holds every key reads whatever is encrypted, or makes all of it unreadable.",
    fix="Name the compartment of the keys, or a key: where target.key.id = 'OCID'.",
    covers=("LP-88c",),
    yields_to=above("oci-keys-open-in-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
