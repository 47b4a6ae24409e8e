"""An IAM user is in no group (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..joins import USER_TYPES
from ..users import grouped_users


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    grouped = grouped_users(stack)
    for user in stack.of_type(USER_TYPES):
        if user.urn not in grouped:
            yield Finding(path="", urn=user.urn, message="nothing in this stack puts the user in a group")


RULE = StackRule(
    id="user-outside-groups",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An IAM user is in no group",
    why="What a user may do is then given to that user alone, and nobody reviews one user among many.",
    fix="Put the user in a group with `aws.iam.UserGroupMembership`, and attach the policies to the group.",
    covers=("LP-71",),
    types=USER_TYPES,
    check=check,
)
