"""A trust policy names who may not assume the role."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.document import Effect
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, trust_documents
from ..precedence import above
from ..trusts import cause


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        for statement in placed.document.statements:
            place = cause(placed, statement.path)
            if statement.not_principals is not None:
                denies = statement.effect is Effect.DENY
                yield placed.finding(
                    statement.principal_path,
                    "AWS takes no NotPrincipal in a trust policy; this one is meant to deny everybody else"
                    if denies
                    else "AWS takes no NotPrincipal in a trust policy; read as written, it admits everybody else",
                    cause=place,
                )
            elif not statement.path and statement.holes:
                yield undecided(placed.place(""), "whom this trust policy names cannot be read yet", cause=place)


RULE = ResourceRule(
    id="role-trust-not-principal",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A role's trust policy says who may not assume it",
    why="AWS refuses the document; what it says is that everybody else is admitted, and that is never what was meant.",
    fix='Name who may assume the role: "Principal": {"AWS": "arn:aws:iam::ACCOUNT:role/NAME"}; leave out one of an account with a Deny of sts:AssumeRole and "Condition": {"ArnEquals": {"aws:PrincipalArn": "ARN"}}.',
    covers=("LP-33",),
    yields_to=above("role-trust-not-principal"),
    types=ROLE_TYPES,
    check=check,
)
