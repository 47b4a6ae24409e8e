"""An identity policy passes roles to whatever service its holder likes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.breadth import fixing, granted, speaks_of
from ...aws.invented import INVENTED
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import grants, resources_in_words, unreadable

_PASS: Final = "iam:PassRole"  # noqa: S105 - an action
_ANY_SERVICE: Final = fixing({"iam:passedtoservice": f"{INVENTED}.amazonaws.com"})
_QUESTION: Final = "this policy passes a role to any service"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        statement = grant.statement
        if not speaks_of(statement, _PASS):
            continue
        yield from grant.findings(
            granted(grant.placed.document, statement, (_PASS,), domains=_ANY_SERVICE),
            f"{resources_in_words(statement)} may be passed to any service that the role trusts",
            _QUESTION,
        )


RULE = ResourceRule(
    id="pass-role-without-service",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A policy passes a role without naming the service",
    why="A role that comes to trust a second service can then be used through that one too.",
    fix='Add "Condition": {"StringEquals": {"iam:PassedToService": "SERVICE.amazonaws.com"}} to the statement.',
    covers=("LP-09",),
    yields_to=above("pass-role-without-service"),
    types=IDENTITY_TYPES,
    check=check,
)
