"""A role may be assumed by anyone."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.questions import anyone_may_assume
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE, trust_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        yield from placed.findings(
            anyone_may_assume(placed.document), "this trust policy admits everyone", "anyone may assume this role"
        )


RULE = ResourceRule(
    id="role-trust-wildcard-principal",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="A role may be assumed by anyone",
    why="Any AWS account in the world can assume the role and do what the role may do.",
    fix='Name who assumes it: a service ("Service": "lambda.amazonaws.com"), a role ARN, or an account with a condition on sts:ExternalId or aws:PrincipalOrgID.',
    types=(ROLE,),
    check=check,
)
