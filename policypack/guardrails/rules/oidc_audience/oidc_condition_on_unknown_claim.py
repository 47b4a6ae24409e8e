"""A condition of an OIDC trust tests a claim that STS has no condition key for."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.claim_keys import Slip
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import federated, shown_issuer, wrong_keys
from ..own_issuers import SETTINGS_OF
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        reason = f"STS has no key for such a claim of {shown_issuer(answer)}, be it in tokens or not"
        yield from wrong_keys(placed, answer, Slip.CLAIM, reason)


RULE = ResourceRule(
    id="oidc-condition-on-unknown-claim",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition of an OIDC trust tests a claim that STS has no key for",
    why="Tokens may hold the claim, but STS serves only a few claims of each issuer as condition keys; a condition on another is never met, or under IfExists and negated operators always.",
    fix="Test aud and sub, or one of the claims that STS has a key for; what else tokens say can be put into the subject at some issuers.",
    covers=("OI-03", "OI-07"),
    yields_to=above("oidc-condition-on-unknown-claim"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
