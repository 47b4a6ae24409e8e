"""A role that trusts an OIDC provider does not pin the audience."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.federation import federation
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, trust_documents
from ..federated import audience_fix, cause


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        for answer in placed.ask(federation):
            yield from placed.findings(
                answer.audience,
                f"a token of {answer.issuer or 'any provider'} for any audience may assume this role",
                "the audience is pinned",
                fix=audience_fix(answer),
                cause=cause(placed, answer),
            )


RULE = ResourceRule(
    id="oidc-trust-without-audience",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A role accepts OIDC tokens for any audience",
    why="A token that was made for another service, and handed to it, can be replayed here to assume the role.",
    fix='Add a StringEquals condition on the issuer\'s "aud" key with the one audience your workload asks for.',
    yields_to=("oidc-trust-without-subject", "role-trust-wildcard-principal"),
    types=ROLE_TYPES,
    check=check,
)
