"""What a subject of OCI policies may take over of others, by statements that name them.

A statement that lets its subject change any group, user or dynamic group says so by itself; what one is worth that
names a single one of them hangs on what that one holds. Of each statement the worst is told.

Source: Oracle's "Details for IAM": to add a member to a group is `GROUP_UPDATE` and `USER_UPDATE` together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import Resource, Stack
from ..oci.conditions import Part
from ..oci.meaning import Power
from ..oci.powers import (
    GIVE_CREDENTIALS,
    JOIN_ADMINISTRATORS,
    JOIN_GROUPS,
    WRITE_DYNAMIC_GROUPS,
)
from ..oci.tree import SubjectKind
from .oci_code import CODE
from .oci_compartments import ROOT
from .oci_gains import Gain, administers, gains, worst
from .oci_identities import Holding, Identities, Identity, identities
from .oci_ids import ids
from .oci_users import group_name

_OF_GROUPS: Final = dict.fromkeys(("target.group.name", "target.group.id", "target.group.member"), Part.CHOSEN)
_OF_USERS: Final = dict.fromkeys(("target.user.name", "target.user.id"), Part.CHOSEN)
_OF_DYNAMIC_GROUPS: Final = dict.fromkeys(("target.dynamicgroup.name", "target.dynamicgroup.id"), Part.CHOSEN)
_JOIN: Final = Power(JOIN_GROUPS.permissions, _OF_GROUPS)
_CHANGE_USERS: Final = Power(("USER_UPDATE",), {**_OF_GROUPS, **_OF_USERS})
_CREDENTIALS: Final = Power(GIVE_CREDENTIALS.permissions, _OF_USERS)
_REWRITE: Final = Power(("DYNAMIC_GROUP_UPDATE",), _OF_DYNAMIC_GROUPS)


@dataclass(frozen=True, slots=True)
class Takeover:
    """`holder` gets at what `taken` holds: `does` says how, after `may`. `by` are the statements it takes, the one that
    names `taken` first, and `gain` is the worst that it is worth. `doubt` says on what it hangs, if it does."""

    holder: Identity
    does: str
    taken: Identity
    by: Sequence[Holding]
    gain: Gain
    doubt: str = ""


def takeovers(stack: Stack) -> Iterator[Takeover]:
    """What the groups of a stack may take over, and then its users with what their groups hold together."""
    known = identities(stack)
    users = list(known.users())
    for holder in [*known.subjects(), *(user for user in users if len(user.groups) > 1)]:
        if not administers(holder):
            yield from _groups(stack, known, holder)
            yield from _users(stack, users, holder)
            yield from _dynamic_groups(stack, known, holder)


def _groups(stack: Stack, known: Identities, holder: Identity) -> Iterator[Takeover]:
    joining, changing = _in_tenancy(holder, _JOIN), _in_tenancy(holder, _CHANGE_USERS)
    if not joining or not changing or _in_tenancy(holder, JOIN_ADMINISTRATORS):
        return
    any_other = bool(_in_tenancy(holder, JOIN_GROUPS))
    for group in known.subjects():
        if group.kind is not SubjectKind.GROUP or group is holder or group in holder.groups:
            continue
        # Any group but Administrators is what CIS asks for, and worth a word only if another one is as good.
        if any_other and not administers(group):
            continue
        for held in _in_tenancy(holder, Power(JOIN_GROUPS.permissions, _target(stack, "group", group))):
            yield from _told(holder, f"add itself to {group.title}", group, (held, changing[0]))


def _users(stack: Stack, users: Sequence[Identity], holder: Identity) -> Iterator[Takeover]:
    if not _in_tenancy(holder, _CREDENTIALS) or _in_tenancy(holder, GIVE_CREDENTIALS):
        return
    for user in users:
        if user.resource is not holder.resource:
            for held in _in_tenancy(holder, Power(GIVE_CREDENTIALS.permissions, _target(stack, "user", user))):
                yield from _told(holder, f"give itself credentials of {user.title}", user, (held,))


def _dynamic_groups(stack: Stack, known: Identities, holder: Identity) -> Iterator[Takeover]:
    if not _in_tenancy(holder, _REWRITE) or _in_tenancy(holder, WRITE_DYNAMIC_GROUPS):
        return
    running = [(code, held) for code in CODE for held in holder.holds(code.power)]
    for group in known.dynamic_groups():
        if group is holder or not running:
            continue
        for held in _in_tenancy(holder, Power(_REWRITE.permissions, _target(stack, "dynamicgroup", group))):
            code, by = running[0]
            yield from _told(holder, f"{code.does} and let {group.title} take it in", group, (held, by))


def _told(holder: Identity, does: str, taken: Identity, by: Sequence[Holding]) -> Iterator[Takeover]:
    gain = worst(list(gains(taken, holder, None)))
    if gain is not None:
        yield Takeover(holder, does, taken, by, gain, next((each.doubt for each in by if each.doubt), gain.doubt))


def _in_tenancy(holder: Identity, power: Power) -> list[Holding]:
    """By what it holds a power over identities, which are of the tenancy."""
    return [held for held in holder.holds(power) if held.path == ROOT]


def _target(stack: Stack, kind: str, identity: Identity) -> dict[str, str | Part]:
    """What a request about a group, user or dynamic group holds."""
    resource = identity.resource
    own = ids(stack).of(resource) if resource is not None else ()
    name = _name(identity, resource)
    found: dict[str, str | Part] = {f"target.{kind}.name": name, f"target.{kind}.id": own[0] if own else Part.UNNAMED}
    return {**found, "target.group.member": Part.CHOSEN} if kind == "group" else found


def _name(identity: Identity, resource: Resource | None) -> str:
    if resource is not None:
        return group_name(resource).text or resource.name
    return identity.title.rpartition(" ")[2].rpartition("/")[2].strip("'")
