"""Any token of an issuer may act as a service user."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...issuers.reach import Reach
from ...model import Context, Resource
from ...rule import ResourceRule
from ..impersonations import Impersonation, findings, narrower, stranger
from ..own_issuers import SETTINGS_OF
from ..propagation_trusts import TRUST_TYPES, issuer_in, issuer_shown, quoted


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    shared = issuer_in(resource, context)[1].shared
    whose = ", whoever had it made," if shared else ""

    def message(found: Impersonation) -> Finding:
        return Finding(
            path=found.value.path,
            message=(
                f"any token of {issuer_shown(resource, context)}{whose} may act as the service user: "
                f"{quoted(found.value)} tests nothing that says whose it is"
                if found.test is not None and found.test.lets_all_through
                else f"tokens of anyone at {issuer_shown(resource, context)} may act as the service user: "
                f"what {quoted(found.value)} tests, others have in their tokens too"
            ),
            fix=narrower(resource, context, found),
            severity=None if shared else Severity.HIGH,
            witness=stranger(resource, context, found),
        )

    yield from findings(resource, context, Reach.STRANGERS, message)


RULE = ResourceRule(
    id="oci-impersonation-by-any-token",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.CRITICAL,
    title="Any token of an issuer may act as a service user",
    why="At an issuer that many customers share, a stranger needs a workflow and no more to work in your tenancy.",
    fix='Compare the whole subject of your workload: sub eq "SUBJECT".',
    covers=("OI-12d",),
    settings_of=SETTINGS_OF,
    types=TRUST_TYPES,
    check=check,
)
