"""A user who administers the tenancy has an API key."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..oci_gains import administers
from ..oci_identities import identities
from ..oci_users import KEYS, group_name, groups_of_users, is_administrators, keys_of_users, user_property


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    groups, known = groups_of_users(stack), identities(stack)
    for user, keys in keys_of_users(stack).items():
        own = groups.get(user, [])
        named = ((group, known.group(group)) for group in own)
        found = next(((group, how) for group, each in named if each is not None and (how := administers(each))), None)
        himself = known.user(user)
        for key in keys:
            path = user_property(key)
            if found is not None:
                message = f"the user of this key is a member of {_shown(found[0])}: {found[1]}"
                yield Finding(path=path, message=message, urn=key.urn)
            elif himself is not None and (how := administers(himself)):
                yield Finding(path=path, message=f"the user of this key administers the tenancy: {how}", urn=key.urn)
            elif any(isinstance(group, str) for group in own):
                reason = (
                    "the user of this key is a member of a group that is not in this stack; it may be Administrators"
                )
                yield undecided(path, reason, urn=key.urn)
            elif any(isinstance(group, Resource) and is_administrators(stack, group) is None for group in own):
                reason = "the user of this key is a member of Administrators, of a domain that may be the default one"
                yield undecided(path, reason, urn=key.urn)


def _shown(group: Resource | str) -> str:
    if isinstance(group, str):
        return f"the group `{group}`"
    name = group_name(group)
    return "a group whose name is secret" if name.secret else repr(name.text or group.name)


RULE = StackRule(
    id="oci-administrator-with-api-key",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An administrator of the tenancy has an API key",
    why="The key works without a second factor for as long as it exists: a copy of one file is the whole tenancy.",
    fix="Delete the key. For automation, make a user or a dynamic group that is allowed what the work needs and no more.",
    controls=("CIS-OCI-3.0.0:1.12",),
    covers=("LP-85",),
    types=tuple(KEYS),
    check=check,
)
