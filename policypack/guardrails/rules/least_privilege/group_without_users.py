"""An IAM group has no users (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..joins import GROUP_TYPES
from ..users import filled_groups


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    filled = filled_groups(stack)
    for group in stack.of_type(GROUP_TYPES):
        if group.urn not in filled:
            yield Finding(path="", urn=group.urn, message="nothing in this stack puts a user in the group")


RULE = StackRule(
    id="group-without-users",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An IAM group has no users",
    why="A group that nobody is in keeps its policies, and whoever is put in it later gets them unreviewed.",
    fix="Delete the group, or put its users in it with `aws.iam.GroupMembership`.",
    covers=("LP-71",),
    types=GROUP_TYPES,
    check=check,
)
