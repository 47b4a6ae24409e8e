"""What a method of privilege escalation is: requests that one identity must be allowed, some on the same target.

The methods themselves are data in `escalation_of_iam`, `escalation_of_compute` and `escalation_of_services`; each is
one object, equal only to itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from .actions import action, service

# Each key with the values of which a condition must take one; none where the holder may choose any.
Demands = tuple[tuple[str, tuple[str, ...]], ...]

SELF: Final = "self"
# Stand for the partition and the account of the holder in what a step demands.
PARTITION: Final = "${Partition}"
ACCOUNT: Final = "${Account}"


class Family(Enum):
    """What a method makes of its holder."""

    SELF = "grants itself permissions"
    PRINCIPAL = "becomes another principal"
    PASSED_ROLE = "starts something new with a role that it passes"
    EXISTING = "takes over something that runs with a role"
    TAKEOVER = "rewrites the policy of a resource"


class Needs(Enum):
    """What has to be there besides the permissions, for the holder to end up with more than it had."""

    NOTHING = "nothing"
    WIDE = "targets that hold more, as some do where any target will do"
    MORE = "a target that exists, lets the holder in or holds more"
    CONTROL = "a target that the holder, or somebody with it, controls"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One request: any one of `actions`, on a resource of `kind` (service and type as in the action table, such as
    `iam:role`; empty for whatever the action works on).

    Steps with the same `target` are on the same resource. The target `self` is the holder, its group or a policy
    attached to it; every other one is not the holder. Without a target any resource will do.
    """

    actions: tuple[str, ...]
    kind: str = ""
    target: str = ""
    demands: Demands = ()

    @property
    def anywhere(self) -> bool:
        """Whether nobody lists the actions any more, so that they are asked for on no resource in particular."""
        return not self.kind and all(action(each) is None for each in self.actions)

    @property
    def formats(self) -> tuple[str, ...] | None:
        """The forms of ARN of the kind; `None` for whatever the action works on."""
        prefix, _, type_ = self.kind.partition(":")
        listed = service(prefix) if type_ else None
        return None if listed is None else listed.resource_types[type_]


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Steps that together do it."""

    steps: tuple[Step, ...]
    needs: Needs = Needs.NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """One method. `row` is its place in the list of known methods; `title` completes "which lets its holder …".

    `services` are the service principals one of which a passed role has to trust.
    """

    id: str
    row: int
    title: str
    family: Family
    ways: tuple[Way, ...]
    services: tuple[str, ...] = ()

    @property
    def conditional(self) -> bool:
        """Whether it takes a target that holds more, however wide the grant is."""
        return all(way.needs in (Needs.MORE, Needs.CONTROL) for way in self.ways)

    @property
    def actions(self) -> tuple[str, ...]:
        """All actions of all ways."""
        return tuple(dict.fromkeys(action for way in self.ways for step in way.steps for action in step.actions))

    def fix(self, granted: str) -> str:
        """What to do about it, where `granted` is what the document writes for the action in question."""
        return _FIXES[self.family].format(granted)


_FIXES: Final = {
    Family.SELF: "Take {} away, or name only resources that the holder neither is nor uses, and ask for a permissions "
    "boundary with the condition key iam:PermissionsBoundary.",
    Family.PRINCIPAL: "Take {} away, or name the principals that it is meant for instead of a wildcard.",
    Family.PASSED_ROLE: "Name the roles that may be passed as Resource of iam:PassRole and fix iam:PassedToService to "
    "the service that is meant, or take {} away.",
    Family.EXISTING: "Name the resources that {} is meant for, none of which has a role with more than the holder has.",
    Family.TAKEOVER: "Take {} away, or name the resources whose policy the holder is meant to manage.",
}


def step(actions: str | Sequence[str], kind: str = "", target: str = "", demands: Demands = ()) -> Step:
    """A step; `actions` is one action, or several of which any will do."""
    return Step((actions,) if isinstance(actions, str) else tuple(actions), kind, target, demands)


def _pass_role(*services: str) -> Step:
    """Passing any role to one of these services."""
    names = tuple(f"{name}.amazonaws.com{ending}" for name in services for ending in ("", ".cn"))
    return Step(
        ("iam:PassRole",), "iam:role", "role", (("iam:passedtoservice", names), ("iam:associatedresourcearn", ()))
    )


def passing(id_: str, row: int, title: str, services: str | tuple[str, ...], *ways: tuple[Step, ...]) -> Method:
    """A method that passes a role to one of these services, and then goes one of some ways."""
    names = (services,) if isinstance(services, str) else services
    return Method(
        id_,
        row,
        title,
        Family.PASSED_ROLE,
        tuple(Way((_pass_role(*names), *steps), Needs.WIDE) for steps in ways),
        tuple(f"{name}.amazonaws.com" for name in names),
    )


def existing(id_: str, row: int, title: str, *ways: tuple[Step, ...]) -> Method:
    """A method that uses what is there already and has a role of its own."""
    return Method(id_, row, title, Family.EXISTING, tuple(Way(steps, Needs.MORE) for steps in ways))
