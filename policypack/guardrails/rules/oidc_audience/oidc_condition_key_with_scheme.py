"""A condition key of an OIDC trust is written with a scheme."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.claim_keys import Slip
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import federated, wrong_keys
from ..own_issuers import SETTINGS_OF
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        yield from wrong_keys(placed, answer, Slip.SCHEME, "STS writes the issuer without https://")


RULE = ResourceRule(
    id="oidc-condition-key-with-scheme",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition key of an OIDC trust has a scheme",
    why="STS names claims by the issuer without `https://`; a condition on another key is never met, or under IfExists and negated operators always.",
    fix="Write the issuer as in the provider's ARN, without scheme, then a colon and the claim.",
    covers=("OI-03",),
    yields_to=above("oidc-condition-key-with-scheme"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
