"""A stack creates an IAM user (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..joins import USER_TYPES


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield Finding(path="", message="this IAM user signs in with credentials of its own, which nobody withdraws for it")


RULE = ResourceRule(
    id="user-created",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A stack creates an IAM user",
    why="An IAM user stays when the person has left, and its password and keys work until somebody deletes them.",
    fix="Let people sign in through IAM Identity Center or another identity provider, and let workloads assume a role.",
    controls=("CIS-AWS-3.0.0:1.21",),
    covers=("LP-70",),
    types=USER_TYPES,
    check=check,
)
