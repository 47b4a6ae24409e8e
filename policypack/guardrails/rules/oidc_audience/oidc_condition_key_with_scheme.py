"""A condition key of an OIDC trust is written with a scheme."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.federation import federation
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE, trust_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        for answer in federation(placed.document):
            for key in answer.misspelled:
                if key.key.lower().startswith(("http:", "https:")):
                    yield Finding(
                        path=placed.path(key.path),
                        message=f"no request carries the condition key {key.key}: STS names claims without a scheme, so "
                        "the condition locks everybody out, or limits nobody",
                        fix=f'Write the key as "{key.proper}".',
                    )


RULE = ResourceRule(
    id="oidc-condition-key-with-scheme",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A condition key of an OIDC trust has a scheme",
    why="STS names claims by the issuer without `https://`; a condition on another key is never met, or under IfExists and negated operators always.",
    fix="Write the issuer as in the provider's ARN, without scheme, then a colon and the claim.",
    types=(ROLE,),
    check=check,
)
