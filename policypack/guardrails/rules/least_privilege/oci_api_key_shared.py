"""One API key lets in two users."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ...secrets.public_keys import RsaKey
from ...values import may_be_anything
from ..oci_users import KEYS, keys_of_users, public_key


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    first: dict[RsaKey, tuple[str, Resource]] = {}
    for user, keys in keys_of_users(stack).items():
        for each in keys:
            key = public_key(each)
            if not isinstance(key, RsaKey):
                continue
            other, resource = first.setdefault(key, (user, each))
            path = KEYS[each.type]
            if other != user and (may_be_anything(other) or may_be_anything(user)):
                reason = f"{resource.name!r} has the same key; whether its user is another one is not known yet"
                yield undecided(path, reason, urn=each.urn)
            elif other != user:
                message = f"{resource.name!r} gives the same key to another user, so one private key signs as both"
                yield Finding(path=path, message=message, urn=each.urn)


RULE = StackRule(
    id="oci-api-key-shared",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="Two users have the same API key",
    why="Whoever holds the one private key has the rights of both users, and the audit log cannot tell whose request it was.",
    fix="Make a key pair for each user, and give each the public half of its own.",
    types=tuple(KEYS),
    check=check,
)
