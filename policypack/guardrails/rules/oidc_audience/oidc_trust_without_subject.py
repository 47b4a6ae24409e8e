"""A role that trusts an OIDC provider does not pin the subject."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.federation import federation
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE, trust_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        if placed.value.unknown:
            # Said once for audience and subject together.
            yield undecided(
                placed.value.path,
                "the trust policy is not known yet, so which OIDC tokens it admits, for which audience, cannot be told",
            )
            continue
        for answer in federation(placed.document):
            yield from placed.findings(
                answer.subject,
                f"somebody else's token of {answer.issuer or 'the provider'} may assume this role",
                "the subject is pinned",
                f'"StringEquals": {{"{answer.issuer}:sub": "SUBJECT"}}, with the whole subject of your workload, '
                "such as repo:ORG/REPO:ref:refs/heads/main for GitHub",
            )


RULE = ResourceRule(
    id="oidc-trust-without-subject",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.CRITICAL,
    title="A role accepts OIDC tokens of strangers",
    why="Everybody who can get a token from the issuer, on a shared one such as GitHub or GitLab anyone at all, can assume the role.",
    fix='Add a StringEquals condition on the issuer\'s "sub" key with the whole subject of your workload.',
    types=(ROLE,),
    check=check,
)
