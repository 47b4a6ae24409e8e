"""A user has more than one API key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..oci_users import KEYS, keys_of_users, user_property

# Oracle's "Managing User Credentials": the service refuses the fourth.
_MOST: Final = 3


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for keys in keys_of_users(stack).values():
        if len(keys) > _MOST:
            key = keys[_MOST]
            message = f"this is the fourth API key of the user or a later one, and OCI takes {_MOST}"
            yield Finding(path=user_property(key), message=message, urn=key.urn, severity=Severity.MEDIUM)
        elif len(keys) > 1:
            key = keys[1]
            message = f"this user has an API key already: {keys[0].name!r}"
            yield Finding(path=user_property(key), message=message, urn=key.urn, severity=Severity.LOW)


RULE = StackRule(
    id="oci-user-with-several-api-keys",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A user of OCI has several API keys",
    why="The second key is the one nobody rotates: it works unseen beside the one that is looked after.",
    fix="Keep one key for each user. To rotate, add the new one, switch over, and delete the old one in the same week.",
    controls=("CIS-OCI-3.0.0:1.17",),
    covers=("LP-87b",),
    types=tuple(KEYS),
    check=check,
)
