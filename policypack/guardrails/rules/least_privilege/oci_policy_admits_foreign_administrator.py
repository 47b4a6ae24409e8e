"""An OCI policy lets another tenancy manage resources of this one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.meaning import Power
from ...oci.narrower import using
from ...oci.permissions import managing
from ...oci.tree import Action, Kind
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

# Two tenancies join networks in no other way, and each of them names the gateway.
_PEERING: Final = frozenset({"LOCAL_PEERING_GATEWAY_CONNECT_TO", "REMOTE_PEERING_CONNECTION_CONNECT_TO"})


def _managed(action: Action) -> Power:
    return Power(tuple(name for name in managing(action) if name not in _PEERING))


_DANGER: Final = Danger(
    power=_managed,
    means="may {action} {where}",
    narrower=using,
    tenancy=Severity.MEDIUM,
    compartment=Severity.MEDIUM,
    kinds=frozenset({Kind.ADMIT}),
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-policy-admits-foreign-administrator",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An OCI policy lets another tenancy manage resources of this one",
    why="Who belongs to a group of another tenancy is decided there, by people whom this tenancy does not know.",
    fix="Admit to use or read, or name the thing: where target.bucket.name = 'NAME'.",
    covers=("LP-88b",),
    yields_to=above("oci-policy-admits-foreign-administrator"),
    types=STATEMENT_TYPES,
    check=check,
)
