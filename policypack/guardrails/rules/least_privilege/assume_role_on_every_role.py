"""An identity policy assumes roles that nobody named."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.dangers import Danger
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import wide_findings


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from wide_findings(
        resource, Danger.ASSUMING, "becomes whichever role trusts the account", "this policy assumes every role"
    )


RULE = ResourceRule(
    id="assume-role-on-every-role",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy assumes every role that trusts the account",
    why="Many roles trust their whole account, so their rights belong to whoever may assume any role.",
    fix="Name the roles: `arn:aws:iam::ACCOUNT:role/ROLE_NAME`, or a path that holds nothing else.",
    covers=("LP-20",),
    yields_to=above("assume-role-on-every-role"),
    types=IDENTITY_TYPES,
    check=check,
)
