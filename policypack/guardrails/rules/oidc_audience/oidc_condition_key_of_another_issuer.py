"""A condition key of an OIDC trust names another issuer than the provider it trusts."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.claim_keys import Slip
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import SETTINGS_OF, federated, keys_with, wrong_key


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        for key in keys_with(Slip.ISSUER, answer):
            yield wrong_key(placed, answer, key, f"its path, a slash or the issuer itself is not that of {answer.name}")


RULE = ResourceRule(
    id="oidc-condition-key-of-another-issuer",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition key of an OIDC trust is not of the trusted issuer",
    why="STS names claims by the whole issuer, with its path and slash; a condition on another key is never met, or under IfExists and negated operators always.",
    fix="Write the issuer exactly as in the provider's ARN, then a colon and the claim.",
    covers=("OI-03",),
    yields_to=(
        "oidc-trust-without-audience",
        "oidc-trust-without-subject",
        "oidc-subject-whole-organization",
        "role-trust-wildcard-principal",
    ),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
