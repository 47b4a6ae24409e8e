"""A condition of an OIDC trust tests a claim that STS does not look at."""

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
        for key in keys_with(Slip.CLAIM, answer):
            yield wrong_key(
                placed,
                answer,
                key,
                f"STS looks at no claim {key.claim} of {answer.issuer.name if answer.issuer.listed else answer.name}",
            )


RULE = ResourceRule(
    id="oidc-condition-on-unknown-claim",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition of an OIDC trust tests a claim that AWS does not look at",
    why="STS has condition keys for a few claims of each issuer alone; a condition on another is never met, or under IfExists and negated operators always.",
    fix="Test aud and sub, or one of the claims that STS has a key for; what else tokens say can be put into the subject at some issuers.",
    covers=("OI-03", "OI-07"),
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
