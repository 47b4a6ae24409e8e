"""An IAM user has more than one active access key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..joins import HOLDERS, named

_KEY: Final = "aws:iam/accessKey:AccessKey"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    by_user: dict[str, list[Resource]] = {}
    for key in stack.of_type([_KEY]):
        if key["status"].text == "Inactive":
            continue
        for user in named(stack, key, "user", *HOLDERS["user"]):
            by_user.setdefault(user, []).append(key)
    for first, *more in by_user.values():
        for key in more:
            if any(one.gave("status") and one["status"].unknown for one in (first, key)):
                reason = f"whether this key and {first.name!r} are both active is not known yet"
                yield undecided("status", reason, urn=key.urn)
            else:
                yield Finding(path="user", urn=key.urn, message=f"this user has an active key already: {first.name!r}")


RULE = StackRule(
    id="user-with-two-access-keys",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An IAM user has two active access keys",
    why="The second key is the one nobody rotates: it works unseen beside the one that is looked after.",
    fix='Delete one of the two. During a rotation, set status="Inactive" on the old one as soon as the new one is used.',
    controls=("CIS-AWS-3.0.0:1.13",),
    covers=("LP-75",),
    types=(_KEY,),
    check=check,
)
