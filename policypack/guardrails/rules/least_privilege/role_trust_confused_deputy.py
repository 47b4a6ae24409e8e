"""A service may assume a role for another account's resource."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ...aws.answers import Yes
from ...aws.trust import Deputy, deputies
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..precedence import above
from ..trusts import cause


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        for _, group in groupby(placed.ask(deputies), key=lambda each: each.statement.path):
            yield from _findings(placed, list(group))


def _findings(placed: Placed, found: list[Deputy]) -> Iterator[Finding]:
    """One finding for a statement: one condition mends it for all of its services."""
    certain = [each for each in found if isinstance(each.answer, Yes)]
    first = (certain or found)[0]
    place = cause(placed, first.statement.path)
    services = " and ".join(dict.fromkeys(each.service for each in certain or found))
    message = f"{services} may assume this role for another account's resource"
    if first.bare:
        message += ": the ARN in aws:SourceArn holds no account, and whose it is may change"
    question = f"{services} may assume this role for another account's resource"
    if not isinstance(first.answer, Yes):
        yield from placed.findings(first.answer, message, question, cause=place)
        return
    sources = list(dict.fromkeys(f'"arn:aws:{each.source}:*:ACCOUNT:*"' for each in certain))
    arns = sources[0] if len(sources) == 1 else f"[{', '.join(sources)}]"
    yield placed.finding(
        first.statement.principal_path,
        message,
        fix='Add "Condition": {"StringEquals": {"aws:SourceAccount": "ACCOUNT"}, '
        f'"ArnLike": {{"aws:SourceArn": {arns}}}}} with your own account.',
        witness=first.answer.witness,
        cause=place,
    )


RULE = ResourceRule(
    id="role-trust-confused-deputy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A service may assume a role for another account's resource",
    why="The service acts for all its customers: one of them who gets it to use this role reaches what the role reaches.",
    fix='Add "Condition": {"StringEquals": {"aws:SourceAccount": "ACCOUNT"}} with your own account, and "ArnLike" on aws:SourceArn where the resource is known.',
    covers=("LP-36",),
    yields_to=above("role-trust-confused-deputy"),
    types=ROLE_TYPES,
    check=check,
)
