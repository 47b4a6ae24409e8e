"""A role may be assumed by anyone."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Yes
from ...aws.questions import anyone_may_assume
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, statement_of, trust_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        answer = placed.ask(anyone_may_assume)
        yield from placed.findings(
            answer,
            "this trust policy admits everyone",
            "anyone may assume this role",
            cause=statement_of(answer.path) if isinstance(answer, Yes) else "",
        )


RULE = ResourceRule(
    id="role-trust-wildcard-principal",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="A role may be assumed by anyone",
    why="Any AWS account in the world can assume the role and do what the role may do.",
    fix='Name who assumes it: a service ("Service": "lambda.amazonaws.com"), a role ARN, or an account with a condition on sts:ExternalId or aws:PrincipalOrgID.',
    types=ROLE_TYPES,
    check=check,
)
