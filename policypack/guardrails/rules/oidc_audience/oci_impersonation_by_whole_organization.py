"""Every workload of an organization may act as a service user."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...issuers.reach import Reach
from ...model import Context, Resource
from ...rule import ResourceRule
from ..impersonations import Impersonation, findings, narrower
from ..own_issuers import SETTINGS_OF
from ..propagation_trusts import TRUST_TYPES, issuer_in, issuer_shown, quoted


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    whose = "of the organization at" if issuer_in(resource, context)[1].shared else "with a token of"

    def message(found: Impersonation) -> Finding:
        return Finding(
            path=found.value.path,
            message=(
                f"every workload {whose} {issuer_shown(resource, context)} may act as the service user: "
                f"{quoted(found.value)} names no project"
            ),
            fix=narrower(resource, context, found),
        )

    yield from findings(resource, context, Reach.ORGANIZATION, message)


RULE = ResourceRule(
    id="oci-impersonation-by-whole-organization",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="Every workload of an organization may act as a service user",
    why="Whoever can push to the least guarded repository of the organization has what the service user has.",
    fix='Compare the whole subject of your workload: sub eq "SUBJECT".',
    covers=("OI-12d",),
    settings_of=SETTINGS_OF,
    types=TRUST_TYPES,
    check=check,
)
