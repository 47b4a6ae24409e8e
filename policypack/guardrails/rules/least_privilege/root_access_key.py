"""An access key is made for the root user of the account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..joins import holders

_KEY: Final = "aws:iam/accessKey:AccessKey"
# The second is how IAM's credential report calls the root user.
_ROOT: Final = frozenset({"root", "<root_account>"})


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for key in stack.of_type([_KEY]):
        user = key["user"]
        if holders(stack, key, "user", "user"):
            continue
        if user.is_open:
            yield undecided("user", "whose key this is is not known yet", urn=key.urn)
        elif (user.text or "").lower() in _ROOT:
            yield Finding(path="user", urn=key.urn, message="this is a long-lived key of the root user")


RULE = StackRule(
    id="root-access-key",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An access key is made for the root user",
    why="No policy limits the root user: whoever finds the key owns the account, and closing it again takes AWS support.",
    fix="Delete the key; make a role with what the work needs, and let whoever does it assume that role.",
    controls=("CIS-AWS-3.0.0:1.4", "FSBP-1.0.0:IAM.4"),
    covers=("LP-74",),
    types=(_KEY,),
    check=check,
)
