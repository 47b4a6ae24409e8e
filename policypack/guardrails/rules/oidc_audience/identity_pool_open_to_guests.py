"""An identity pool gives credentials to whoever asks, without a sign-in."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..identity_pools import IDENTITY_POOL_TYPES, is_open


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    guests = resource["allowUnauthenticatedIdentities"]
    if is_open(guests):
        yield undecided(guests.path, "whether the identity pool lets guests in is not known yet")
    elif guests.flag:
        yield Finding(
            path=guests.path,
            message="whoever knows the id of this pool, which every copy of the application holds, gets the "
            "credentials of the role for guests",
        )


RULE = ResourceRule(
    id="identity-pool-open-to-guests",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="An identity pool lets guests in without a sign-in",
    why="Guests are anybody on the internet, with credentials of your account and at your expense; each right that the role for guests gets later is theirs at once.",
    fix="Set `allowUnauthenticatedIdentities` to false. Where the application needs guests, give their role the few actions that its pages before the sign-in need, each on one resource.",
    covers=("OI-11",),
    types=IDENTITY_POOL_TYPES,
    check=check,
)
