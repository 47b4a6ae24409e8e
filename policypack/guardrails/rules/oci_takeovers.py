"""What a subject of OCI policies may take over of others, by statements that name them.

A statement that lets its subject change any group, user or dynamic group says so by itself; what one is worth that
names a single one of them hangs on what that one holds. Of each statement the worst is told.

Source: Oracle's "Details for IAM": to add a member to a group is `GROUP_UPDATE` and `USER_UPDATE` together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from ..model import Stack
from ..oci.comparison import POSITIVE, is_plain
from ..oci.conditions import Part, ways
from ..oci.meaning import Power, Undecided
from ..oci.powers import (
    CODE,
    GIVE_CREDENTIALS,
    JOIN_ADMINISTRATORS,
    JOIN_GROUPS,
    WRITE_DYNAMIC_GROUPS,
)
from ..oci.tree import Grant, Opaque, OpaqueTail, SubjectKind, Test
from .oci_compartments import ROOT
from .oci_gains import Gain, Weight, administers, has_enough, weights, worst_gain, worth
from .oci_holdings import Holding
from .oci_identities import identities
from .oci_identity import Identity
from .oci_ids import ids

_OF_GROUPS: Final = dict.fromkeys(("target.group.name", "target.group.id"), Part.CHOSEN)
_OF_USERS: Final = dict.fromkeys(("target.user.name", "target.user.id"), Part.CHOSEN)
_OF_DYNAMIC_GROUPS: Final = dict.fromkeys(("target.dynamicgroup.name", "target.dynamicgroup.id"), Part.CHOSEN)
_JOIN: Final = replace(JOIN_GROUPS, to={**JOIN_GROUPS.to, **_OF_GROUPS})
_CHANGE_USERS: Final = Power(("USER_UPDATE",), {**JOIN_GROUPS.to, **_OF_GROUPS, **_OF_USERS})
_CREDENTIALS: Final = replace(GIVE_CREDENTIALS, to=_OF_USERS)
_REWRITE: Final = Power(("DYNAMIC_GROUP_UPDATE",), _OF_DYNAMIC_GROUPS)
_KINDS: Final = {SubjectKind.GROUP: "group", SubjectKind.DYNAMIC_GROUP: "dynamicgroup"}
# Others of whom it is asked whether one statement means them, and whether any does: far beyond any met in practice.
_MOST_ASKED: Final = 300
_MOST_TOGETHER: Final = 20_000


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


class Takeable:
    """Those who hold something worth having, in classes that hold the same powers, from the one that is worth most."""

    def __init__(self, stack: Stack, identities_: Iterable[Identity]) -> None:
        classes: dict[frozenset[Weight], list[Identity]] = {}
        for each in identities_:
            if worth(each):
                classes.setdefault(weights(each), []).append(each)
        self._classes = sorted(classes.items(), key=lambda item: worth(item[1][0]), reverse=True)
        self._targets = {each: _target(stack, each) for members in classes.values() for each in members}
        self._left = _MOST_TOGETHER
        self._named: dict[tuple[frozenset[Weight], str], list[Identity]] = {}
        for powers, members in self._classes:
            for each in members:
                for text in {value.casefold() for value in self._targets[each].values() if isinstance(value, str)}:
                    self._named.setdefault((powers, text), []).append(each)

    def taken(self, holder: Identity, by: Holding, power: Power) -> Iterator[tuple[Identity, Gain, Holding]]:
        """Of those that hold more than `holder`, the first that a statement lets it have the power over, which is
        certain where it is the last."""
        named = _named(by.said.written, frozenset(self._variables()))
        asked = 0
        for powers, members in self._classes:
            if has_enough(holder, powers):
                continue
            meant = members if named is None else self._of_names(powers, sorted(named))
            for other in meant:
                if (
                    other.is_like(holder)
                    or other in holder.groups
                    or (other.is_user and other.resource is holder.resource)
                ):
                    continue
                asked += 1
                self._left -= 1
                if asked > _MOST_ASKED or self._left < 0:
                    gain = worst_gain(other, holder, None)
                    if gain is not None:
                        reason = f"it may mean any of {len(members)} others, which are too many to look through"
                        yield other, gain, Holding(by.said, Undecided(reason), by.path)
                        return
                    continue
                held = holder.by(by.said, replace(power, to={**power.to, **self._targets[other]}))
                gain = worst_gain(other, holder, None) if held is not None else None
                if held is not None and gain is not None:
                    yield other, gain, held
                    if not held.doubt and not gain.doubt:
                        return

    def _of_names(self, powers: frozenset[Weight], texts: Sequence[str]) -> Iterable[Identity]:
        return dict.fromkeys(each for text in texts for each in self._named.get((powers, text), ()))

    def _variables(self) -> Iterator[str]:
        return (name for target in islice(self._targets.values(), 1) for name in target)


def _named(statement: Grant, variables: frozenset[str]) -> frozenset[str] | None:
    """The texts of which the condition of a statement wants one for one of some variables; None where it does not."""
    condition = statement.condition
    several = None if condition is None or isinstance(condition, OpaqueTail) else ways(condition)
    found = set[str]()
    for way in several or ():
        texts = next((texts for part in way if (texts := _wanted(part, variables))), None)
        if texts is None:
            return None
        found |= texts
    return frozenset(found) if several is not None else None


def _wanted(part: Test | Opaque, variables: frozenset[str]) -> frozenset[str]:
    if isinstance(part, Opaque) or part.variable.lower() not in variables:
        return frozenset()
    literals = part.operator in POSITIVE and all(map(is_plain, part.values))
    return frozenset(value.text.casefold() for value in part.values) if literals else frozenset()


def takeovers(stack: Stack) -> Iterator[Takeover]:
    """What the groups of a stack may take over, and then its users with what their groups hold together."""
    known = identities(stack)
    users = known.users()
    groups = [each for each in known.subjects() if each.kind is SubjectKind.GROUP]
    all_groups = Takeable(stack, groups)
    administrators = Takeable(stack, filter(administers, groups))
    people, dynamic = Takeable(stack, users), Takeable(stack, known.dynamic_groups())
    several = (user for user in users if len(user.groups) != 1 or set(user.said) != set(user.groups[0].said))
    for holder in [*known.different(), *several]:
        if not administers(holder):
            # Any group but Administrators is what CIS asks for, and worth a word only if another one is as good.
            yield from _groups(administrators if _in_tenancy(holder, JOIN_GROUPS) else all_groups, holder)
            yield from _users(people, holder)
            yield from _dynamic_groups(dynamic, holder)


def _groups(groups: Takeable, holder: Identity) -> Iterator[Takeover]:
    joining, changing = _in_tenancy(holder, _JOIN), _in_tenancy(holder, _CHANGE_USERS)
    if not joining or not changing or _in_tenancy(holder, JOIN_ADMINISTRATORS):
        return
    for each in joining:
        for group, gain, held in groups.taken(holder, each, JOIN_GROUPS):
            yield _told(holder, f"add itself to {group.title}", group, (held, changing[0]), gain)


def _users(users: Takeable, holder: Identity) -> Iterator[Takeover]:
    if _in_tenancy(holder, GIVE_CREDENTIALS):
        return
    for each in _in_tenancy(holder, _CREDENTIALS):
        for user, gain, held in users.taken(holder, each, GIVE_CREDENTIALS):
            yield _told(holder, f"give itself credentials of {user.title}", user, (held,), gain)


def _dynamic_groups(groups: Takeable, holder: Identity) -> Iterator[Takeover]:
    if _in_tenancy(holder, WRITE_DYNAMIC_GROUPS):
        return
    rewriting = _in_tenancy(holder, _REWRITE)
    running = [(code, held) for code in CODE for held in holder.holds(code.power)] if rewriting else []
    for each in rewriting if running else ():
        for group, gain, held in groups.taken(holder, each, _REWRITE):
            code, by = running[0]
            yield _told(holder, f"{code.does} and let {group.title} take it in", group, (held, by), gain)


def _told(holder: Identity, does: str, taken: Identity, by: Sequence[Holding], gain: Gain) -> Takeover:
    return Takeover(holder, does, taken, by, gain, next((each.doubt for each in by if each.doubt), gain.doubt))


def _in_tenancy(holder: Identity, power: Power) -> list[Holding]:
    """By what it holds a power over identities, which are of the tenancy."""
    return [held for held in holder.holds(power) if held.path == ROOT]


def _target(stack: Stack, identity: Identity) -> dict[str, str | Part]:
    """What a request about a group, user or dynamic group holds."""
    resource = identity.resource
    kind = "user" if identity.is_user else _KINDS[identity.kind]
    own = ids(stack).of(resource) if resource is not None else ()
    return {
        f"target.{kind}.name": identity.name or Part.UNNAMED,
        f"target.{kind}.id": own[0] if own else Part.UNNAMED,
    }
