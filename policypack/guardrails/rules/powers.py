"""What the roles of a stack may do, where that is as good as everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..aws.answers import Undecided, Witness, Yes
from ..model import Resource, Stack
from .bearers import Bearer, bearers


@dataclass(frozen=True)
class Power:
    """What a role can do, in words that follow "can", with the requests by which it does; none where they are secret.

    `administrator` tells that it needs nothing but what it has.
    """

    phrase: str
    requests: tuple[Witness, ...]
    administrator: bool

    def __str__(self) -> str:
        if not self.requests:
            return self.phrase
        request = self.requests[0].request
        return f"{self.phrase}, for example by {request.action} on {request.resource}"


def power(stack: Stack, role: Resource) -> Power | Undecided | None:
    """What a role of the stack can do that gives the account away; `None` where it is less than that."""
    one = _by_role(stack).get(role.urn)
    if one is None:
        return None
    if isinstance(one.administrator, Yes):
        return _shown(one, "administer the account", (one.administrator.witness,), administrator=True)
    own = one.own_escalations
    if own:
        return _shown(one, own[0].method.title, own[0].witnesses, administrator=False)
    if isinstance(one.administrator, Undecided):
        return one.administrator
    if one.escalations.doubts:
        return one.escalations.doubts[0].reason
    unread = one.identity.unread if one.identity is not None else ()
    return Undecided("what is attached to it is not known", unread[0][1].path) if unread else None


def _by_role(stack: Stack) -> Mapping[str, Bearer]:
    def of_roles() -> Mapping[str, Bearer]:
        return {
            one.identity.resource.urn: one
            for one in bearers(stack)
            if one.identity is not None and one.identity.resource is not None
        }

    return stack.remember("bearers by role", of_roles)


def _shown(one: Bearer, phrase: str, witnesses: tuple[Witness, ...], *, administrator: bool) -> Power:
    """Nothing of what a secret document allows is shown; else the requests are the role's own, where it has an ARN."""
    if any(held.placed.value.secret for held in one.held):
        return Power(phrase, (), administrator)
    principal = one.holder.principal
    own = (replace(each, request=replace(each.request, principal=principal)) for each in witnesses)
    return Power(phrase, tuple(own), administrator)
