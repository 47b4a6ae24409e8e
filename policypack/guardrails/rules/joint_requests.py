"""Requests that have to get through two policies: that of an access point, and that of the bucket behind it.

The two name one object differently. A request that gets through one policy is tried on the other, with the object and
the caller of either; where none of these gets through both, another one might.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final

from ..aws.callers import stranger_account
from ..aws.document import Document
from ..aws.evaluate import Request, Verdict, evaluate
from ..aws.exposure import Exposure, Exposures

_OBJECT: Final = "/object/"
_OF_A_CALLER: Final = ("aws:principal", "aws:userid", "aws:username")
# Requests that are tried.
_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class _Place:
    """A resource as one of the policies names it: the bucket or access point, and a key where it is an object."""

    head: str
    joint: str
    key: str | None

    def named(self, key: str | None) -> str:
        return self.head if key is None else f"{self.head}{self.joint}{key}"


def through_both(own: Document, reach: Exposures, behind: Document, there: Exposures) -> Exposure | None:
    """What strangers get through the policy of an access point (`own`, with what they may do by it) that the policy of
    the bucket lets through too."""
    pairs = ((mine, its) for mine in reach.found for its in there.found)
    tried = (each for mine, its in pairs for each in _requests(own, mine, behind, its))
    for mine, request, resource in islice(tried, _MOST):
        if _allows(own, request) and _allows(behind, replace(request, resource=resource)):
            return replace(mine, witness=replace(mine.witness, request=request))
    return None


def _allows(document: Document, request: Request) -> bool:
    carrying = replace(request, context={**request.context, **dict(document.carried)})
    return evaluate((document,), carrying).verdict is Verdict.ALLOWED


def _requests(
    own: Document, mine: Exposure, behind: Document, its: Exposure
) -> Iterator[tuple[Exposure, Request, str]]:
    """The requests to try of two exposures, each with the resource as the policy of the bucket names it."""
    common = set(mine.actions) & set(its.actions)
    first, second = mine.witness.request, its.witness.request
    here, there = _place(first.resource), _place(second.resource)
    if not common or (here.key is None) is not (there.key is None):
        return
    action = next((each for each in (first.action, second.action) if each in common), min(common))
    account = stranger_account((own, behind), frozenset())
    for (caller, other), key in product(((first, second), (second, first)), (here.key, there.key)):
        # Whom the other policy names is no stranger there.
        if caller.principal.account in ("", account):
            of_the_other = {
                name: value for name, value in other.context.items() if not name.lower().startswith(_OF_A_CALLER)
            }
            context = {**of_the_other, **caller.context}
            yield mine, Request(caller.principal, action, here.named(key), context), there.named(key)


def _place(resource: str) -> _Place:
    head, found, key = resource.partition(_OBJECT)
    if ":accesspoint/" in resource or (found and ":s3:::" not in head):
        return _Place(head, _OBJECT, key if found else None)
    head, found, key = resource.partition("/")
    return _Place(head, "/", key if found else None)
