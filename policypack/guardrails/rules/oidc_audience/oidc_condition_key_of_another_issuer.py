"""A condition key of an OIDC trust names another issuer than the provider it trusts."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import misspelled_keys, spelling_fix


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer, key, has_scheme in misspelled_keys(resource):
        if not has_scheme:
            yield placed.finding(
                key.path,
                f"no token of {answer.issuer} has the condition key {key.key}: its path, a slash or the issuer itself "
                "differs, so the condition locks everybody out, or limits nobody",
                fix=spelling_fix(answer, key),
            )


RULE = ResourceRule(
    id="oidc-condition-key-of-another-issuer",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition key of an OIDC trust is not of the trusted issuer",
    why="STS names claims by the whole issuer, with its path and slash; a condition on another key is never met, or under IfExists and negated operators always.",
    fix="Write the issuer exactly as in the provider's ARN, then a colon and the claim.",
    types=ROLE_TYPES,
    check=check,
)
