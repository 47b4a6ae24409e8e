"""A role names an identity provider in a way that AWS does not take."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.providers import OIDC_MARK, malformed, unschemed
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..trusts import trust_statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, statement in trust_statements(resource):
        for principal in statement.principals or ():
            mistake = malformed(principal)
            if mistake:
                name = principal.name or ""
                written = name.partition(OIDC_MARK)[2] or ("" if name.startswith("arn:") else name)
                issuer = unschemed(written) or "ISSUER"
                yield placed.finding(
                    principal.path,
                    f"{name} {mistake}, so AWS refuses the document",
                    fix=f'Write "Principal": {{"Federated": "arn:aws:iam::ACCOUNT{OIDC_MARK}{issuer}"}} with your own account.',
                )


RULE = ResourceRule(
    id="oidc-provider-malformed",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role names an identity provider in a way that AWS does not take",
    why="The deployment fails in the middle; a provider is named by its ARN, with the issuer's host and path and without a scheme.",
    fix="Take the ARN from the provider resource: `provider.arn`.",
    covers=("OI-08",),
    types=ROLE_TYPES,
    check=check,
)
