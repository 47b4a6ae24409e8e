"""An identity policy passes roles that nobody named to services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Yes
from ...aws.breadth import fixing, granted_widely
from ...aws.invented import INVENTED
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import allowed, grants, unreadable

_PASS: Final = "iam:PassRole"  # noqa: S105 - an action
_KEY: Final = "iam:passedtoservice"
_ANY_SERVICE: Final = fixing({_KEY: f"{INVENTED}.amazonaws.com"})
_SOME_SERVICE: Final = fixing({_KEY: ""})
_QUESTION: Final = "this policy passes every role"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        document, statement = grant.placed.document, grant.statement
        answer = granted_widely(document, statement, _PASS, _ANY_SERVICE)
        services, severity = "a service of its choice", None
        if not isinstance(answer, Yes):
            narrowed = granted_widely(document, statement, _PASS, _SOME_SERVICE)
            if isinstance(narrowed, Yes) or answer is None:
                answer, services, severity = narrowed, "the services that it names", Severity.MEDIUM
        if answer is not None:
            message = f"{allowed(statement, answer)}, so its holder acts through {services} with any role's rights"
            yield from grant.findings(answer, message, _QUESTION, severity=severity)


RULE = ResourceRule(
    id="pass-role-to-any-role",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy passes any role to services",
    why="Whoever may hand any role to a function or an instance of their own uses the rights of the strongest role.",
    fix='Name the role, "Resource": "arn:aws:iam::ACCOUNT:role/ROLE_NAME", and the service with `iam:PassedToService`.',
    covers=("LP-09",),
    yields_to=above("pass-role-to-any-role"),
    types=IDENTITY_TYPES,
    check=check,
)
