"""An OCI policy lets its subject change the profile of any user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import of_one_user
from ...oci.powers import CHANGE_USERS
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DANGER: Final = Danger(
    power=CHANGE_USERS,
    means="may change the profile of any user {where}, the address for lost passwords too",
    narrower=of_one_user,
    tenancy=Severity.LOW,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-escalation-by-user-profiles",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="An OCI policy lets its subject change the profile of any user",
    why="With `use groups` the same permission adds members to a group, which is a way to escalate that CIS closes.",
    fix="Name the users: where target.user.name = 'NAME'.",
    controls=("CIS-OCI-3.0.0:1.3",),
    covers=("LP-82",),
    yields_to=above("oci-escalation-by-user-profiles"),
    types=STATEMENT_TYPES,
    check=check,
)
