"""The ARN of a trusted OIDC provider holds an account that was never filled in."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import federated
from ..own_issuers import SETTINGS_OF


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        if answer.placeholder is not None:
            yield placed.finding(
                answer.placeholder,
                f"the account in {answer.provider} is a placeholder: the role trusts nobody, "
                "or a provider of an account that is not yours",
            )


RULE = ResourceRule(
    id="oidc-provider-placeholder-account",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A trusted OIDC provider is in a placeholder account",
    why="The role cannot be assumed by the workload it is for; should the account exist, its owner decides who can.",
    fix="Take the ARN from the provider resource: `provider.arn`.",
    covers=("OI-08",),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
