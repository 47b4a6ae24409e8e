"""What a subject of OCI policies may take over of others, by statements that name them.

A statement that lets its subject change any group, user or dynamic group says so by itself; what one is worth that
names a single one of them hangs on what that one holds. Of each statement the worst is told.

Source: Oracle's "Details for IAM": to add a member to a group is `GROUP_UPDATE` and `USER_UPDATE` together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..model import Stack
from ..oci.conditions import Part
from ..oci.meaning import Power
from ..oci.powers import (
    CODE,
    GIVE_CREDENTIALS,
    JOIN_ADMINISTRATORS,
    JOIN_GROUPS,
    WRITE_DYNAMIC_GROUPS,
)
from ..oci.tree import SubjectKind
from .oci_compartments import ROOT
from .oci_gains import Gain, administers, worst_gain, worth
from .oci_identities import Holding, Identity, identities
from .oci_ids import ids

_OF_GROUPS: Final = dict.fromkeys(("target.group.name", "target.group.id", "target.group.member"), Part.CHOSEN)
_OF_USERS: Final = dict.fromkeys(("target.user.name", "target.user.id"), Part.CHOSEN)
_OF_DYNAMIC_GROUPS: Final = dict.fromkeys(("target.dynamicgroup.name", "target.dynamicgroup.id"), Part.CHOSEN)
_JOIN: Final = replace(JOIN_GROUPS, to={**_OF_GROUPS, **JOIN_GROUPS.to})
_CHANGE_USERS: Final = Power(("USER_UPDATE",), {**_OF_GROUPS, **_OF_USERS})
_CREDENTIALS: Final = replace(GIVE_CREDENTIALS, to=_OF_USERS)
_REWRITE: Final = Power(("DYNAMIC_GROUP_UPDATE",), _OF_DYNAMIC_GROUPS)
_KINDS: Final = {SubjectKind.GROUP: "group", SubjectKind.DYNAMIC_GROUP: "dynamicgroup"}


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
    groups = [each for each in known.subjects() if each.kind is SubjectKind.GROUP]
    # From the one that holds most, so that the first that is worth it is the worst.
    groups, people, dynamic = (
        sorted(filter(worth, each), key=worth, reverse=True) for each in (groups, users, known.dynamic_groups())
    )
    for holder in [*known.subjects(), *(user for user in users if len(user.groups) > 1)]:
        if not administers(holder):
            yield from _groups(stack, groups, holder)
            yield from _users(stack, people, holder)
            yield from _dynamic_groups(stack, dynamic, holder)


def _groups(stack: Stack, groups: Sequence[Identity], holder: Identity) -> Iterator[Takeover]:
    joining, changing = _in_tenancy(holder, _JOIN), _in_tenancy(holder, _CHANGE_USERS)
    if not joining or not changing or _in_tenancy(holder, JOIN_ADMINISTRATORS):
        return
    if _in_tenancy(holder, JOIN_GROUPS):
        # Any group but Administrators is what CIS asks for, and worth a word only if another one is as good.
        groups = [group for group in groups if administers(group)]
    own = {holder, *holder.groups}
    others = [group for group in groups if group not in own]
    for each in joining:
        for group, gain, held in _taken(stack, holder, each, others, JOIN_GROUPS):
            yield _told(holder, f"add itself to {group.title}", group, (held, changing[0]), gain)


def _users(stack: Stack, users: Sequence[Identity], holder: Identity) -> Iterator[Takeover]:
    if _in_tenancy(holder, GIVE_CREDENTIALS):
        return
    others = [user for user in users if user.resource is not holder.resource]
    for each in _in_tenancy(holder, _CREDENTIALS):
        for user, gain, held in _taken(stack, holder, each, others, GIVE_CREDENTIALS):
            yield _told(holder, f"give itself credentials of {user.title}", user, (held,), gain)


def _dynamic_groups(stack: Stack, groups: Sequence[Identity], holder: Identity) -> Iterator[Takeover]:
    if _in_tenancy(holder, WRITE_DYNAMIC_GROUPS):
        return
    rewriting = _in_tenancy(holder, _REWRITE)
    running = [(code, held) for code in CODE for held in holder.holds(code.power)] if rewriting else []
    others = [group for group in groups if group is not holder]
    for each in rewriting if running else ():
        for group, gain, held in _taken(stack, holder, each, others, _REWRITE):
            code, by = running[0]
            yield _told(holder, f"{code.does} and let {group.title} take it in", group, (held, by), gain)


def _taken(
    stack: Stack, holder: Identity, by: Holding, others: Sequence[Identity], power: Power
) -> Iterator[tuple[Identity, Gain, Holding]]:
    """Of the others that hold more than `holder`, the first that a statement lets it have the power over."""
    for other in others:
        gain = worst_gain(other, holder, None)
        if gain is None:
            continue
        over = Power(power.permissions, _target(stack, other))
        for held in holder.by(by.said, over):
            yield other, gain, held
            if not held.doubt and not gain.doubt:
                return


def _told(holder: Identity, does: str, taken: Identity, by: Sequence[Holding], gain: Gain) -> Takeover:
    return Takeover(holder, does, taken, by, gain, next((each.doubt for each in by if each.doubt), gain.doubt))


def _in_tenancy(holder: Identity, power: Power) -> list[Holding]:
    """By what it holds a power over identities, which are of the tenancy."""
    return [held for held in holder.holds(power) if held.path == ROOT]


def _target(stack: Stack, identity: Identity) -> dict[str, str | Part]:
    """What a request about a group, user or dynamic group holds."""
    resource = identity.resource
    kind = "user" if identity.groups else _KINDS[identity.kind]
    own = ids(stack).of(resource) if resource is not None else ()
    found: dict[str, str | Part] = {
        f"target.{kind}.name": identity.name or Part.UNNAMED,
        f"target.{kind}.id": own[0] if own else Part.UNNAMED,
    }
    return {**found, "target.group.member": Part.CHOSEN} if kind == "group" else found
