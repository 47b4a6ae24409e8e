"""A condition key of an OIDC trust names another issuer than the provider it trusts."""

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
        yield from wrong_keys(placed, answer, Slip.ISSUER, f"its issuer is not {answer.name} to the letter")


RULE = ResourceRule(
    id="oidc-condition-key-of-another-issuer",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition key of an OIDC trust is not of the trusted issuer",
    why="STS names claims by the whole issuer, with its path and slash; a condition on another key is never met, or under IfExists and negated operators always.",
    fix="Write the issuer exactly as in the provider's ARN, then a colon and the claim.",
    covers=("OI-03",),
    yields_to=above("oidc-condition-key-of-another-issuer"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
