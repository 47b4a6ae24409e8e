"""An identity policy creates roles without a permissions boundary, or takes boundaries away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Yes
from ...aws.breadth import domains_of_holder, fixing, granted, speaks_of
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import grants, unreadable

_SETTING: Final = ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary")
_REMOVING: Final = ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")
_NO_LIMIT: Final = fixing({"iam:permissionsboundary": "arn:aws:iam::aws:policy/AdministratorAccess"})
_QUESTION: Final = "this policy gets round permissions boundaries"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        document, statement = grant.placed.document, grant.statement
        setting = tuple(name for name in _SETTING if speaks_of(statement, name))
        names = (*setting, *(name for name in _REMOVING if speaks_of(statement, name)))
        if not names:
            continue
        answer = granted(document, statement, names, domains=domains_of_holder)
        if not isinstance(answer, Yes) and setting:
            answer = granted(document, statement, setting, domains=_NO_LIMIT) or answer
        action = answer.witness.request.action if isinstance(answer, Yes) else ""
        message = f"{action} is allowed whatever the permissions boundary, so nothing limits the roles that it works on"
        yield from grant.findings(answer, message, _QUESTION)


RULE = ResourceRule(
    id="role-creation-without-boundary",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy creates roles that no permissions boundary limits",
    why="Roles that a pipeline or a workload makes can then be given more than their maker was ever meant to have.",
    fix='Add "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::ACCOUNT:policy/BOUNDARY"}}.',
    covers=("LP-27",),
    yields_to=above("role-creation-without-boundary"),
    types=IDENTITY_TYPES,
    check=check,
)
