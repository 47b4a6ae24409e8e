"""A role that trusts an OIDC provider does not pin the subject."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.federation import federation
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, trust_documents
from ..federated import cause, subject_fix


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        for answer in placed.ask(federation):
            yield from placed.findings(
                answer.subject,
                f"somebody else's token of {answer.issuer or 'any provider'} may assume this role",
                "only your own workload's tokens, for your audience, may assume this role"
                if placed.value.unknown
                else "the subject is pinned",
                fix=subject_fix(answer),
                cause=cause(placed, answer),
            )


RULE = ResourceRule(
    id="oidc-trust-without-subject",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.CRITICAL,
    title="A role accepts OIDC tokens of strangers",
    why="Everybody who can get a token from the issuer, on a shared one such as GitHub or GitLab anyone at all, can assume the role.",
    fix='Add a StringEquals condition on the issuer\'s "sub" key with the whole subject of your workload.',
    yields_to=("role-trust-wildcard-principal",),
    types=ROLE_TYPES,
    check=check,
)
