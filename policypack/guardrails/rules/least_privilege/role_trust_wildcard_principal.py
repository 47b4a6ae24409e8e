"""A role may be assumed by anyone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.answers import Answer, No, Yes
from ...aws.questions import anyone_may_assume
from ...aws.trust import any_service
from ...aws.trust_by_id import admitted_by_id
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..trusts import cause


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        answer = placed.ask(anyone_may_assume)
        yield from placed.findings(
            answer, "this trust policy admits everyone", "anyone may assume this role", cause=_cause(placed, answer)
        )
        if not isinstance(answer, Yes):
            services = placed.ask(any_service)
            if isinstance(answer, No) or isinstance(services, Yes):
                yield from placed.findings(
                    services,
                    "this trust policy admits every AWS service, for whomever the service acts",
                    "every service may assume this role",
                    cause=_cause(placed, services),
                )
        yield from _by_id(placed, _cause(placed, answer))


def _by_id(placed: Placed, said: str) -> Iterator[Finding]:
    """Findings about statements that ask for an external id, but for the one of which something is said already."""
    for answer in placed.ask(admitted_by_id):
        if cause(placed, answer.path) == said:
            continue
        found = placed.findings(
            answer,
            "whoever in the world knows the external id may assume this role, and AWS does not treat it as a secret",
            "anyone who knows the external id may assume this role",
            fix='Name the account that the id was agreed with: "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"}.',
            cause=cause(placed, answer.path),
        )
        yield from (replace(one, severity=Severity.HIGH) for one in found)


def _cause(placed: Placed, answer: Answer) -> str:
    return "" if isinstance(answer, No) else cause(placed, answer.path)


RULE = ResourceRule(
    id="role-trust-wildcard-principal",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="A role may be assumed by anyone",
    why="Any AWS account in the world can assume the role and do what the role may do.",
    fix='Name who assumes it: a service ("Service": "lambda.amazonaws.com"), a role ARN, or an account together with "Condition": {"StringEquals": {"sts:ExternalId": "AGREED-VALUE"}} or {"StringEquals": {"aws:PrincipalOrgID": "o-YOURS"}}.',
    covers=("LP-30", "LP-37", "OI-08"),
    types=ROLE_TYPES,
    check=check,
)
