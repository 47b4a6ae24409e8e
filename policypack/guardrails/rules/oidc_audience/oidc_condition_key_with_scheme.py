"""A condition key of an OIDC trust is written with a scheme."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import misspelled_keys, spelling_fix


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer, key, has_scheme in misspelled_keys(resource):
        if has_scheme:
            yield placed.finding(
                key.path,
                f"no request carries the condition key {key.key}: STS names claims without a scheme, so the condition "
                "locks everybody out, or limits nobody",
                fix=spelling_fix(answer, key),
            )


RULE = ResourceRule(
    id="oidc-condition-key-with-scheme",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition key of an OIDC trust has a scheme",
    why="STS names claims by the issuer without `https://`; a condition on another key is never met, or under IfExists and negated operators always.",
    fix="Write the issuer as in the provider's ARN, without scheme, then a colon and the claim.",
    types=ROLE_TYPES,
    check=check,
)
