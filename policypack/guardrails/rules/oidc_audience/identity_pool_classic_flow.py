"""An identity pool allows the classic flow, in which the application picks the role."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..identity_pools import IDENTITY_POOL_TYPES, is_open


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    classic = resource["allowClassicFlow"]
    if is_open(classic):
        yield undecided(classic.path, "whether the identity pool allows the classic flow is not known yet")
    elif classic.flag:
        yield Finding(
            path=classic.path,
            message="in the classic flow the application itself calls STS, so that it picks any role that trusts this "
            "pool, and gets it without the session policy that narrows what guests may do",
        )


RULE = ResourceRule(
    id="identity-pool-classic-flow",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An identity pool allows the classic flow",
    why="The mapping of users to roles in the pool binds the enhanced flow alone; in the classic one, the trust policy of each role is all that tells users apart.",
    fix="Leave `allowClassicFlow` out, and have the application call GetCredentialsForIdentity.",
    covers=("OI-11",),
    types=IDENTITY_POOL_TYPES,
    check=check,
)
