"""An OCI policy keeps its subject from Administrators and from no other group."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.meaning import Power, Reached, reaches
from ...oci.narrower import of_one_group, of_one_user
from ...oci.powers import (
    GIVE_CREDENTIALS,
    GIVE_CREDENTIALS_TO_ADMINISTRATORS,
    JOIN_ADMINISTRATORS,
    JOIN_GROUPS,
)
from ...oci.tree import Grant
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above


def _of_others_alone(power: Power, statement: Grant) -> bool:
    return not isinstance(reaches(statement, power), Reached)


_MEMBERS: Final = Danger(
    power=JOIN_GROUPS,
    means="may add members to any group {where} but Administrators",
    narrower=of_one_group,
    about=partial(_of_others_alone, JOIN_ADMINISTRATORS),
    tenancy=Severity.LOW,
    compartment=Severity.LOW,
)
_CREDENTIALS: Final = Danger(
    power=GIVE_CREDENTIALS,
    means="may set a password or an API key for any user {where} who is no administrator",
    narrower=of_one_user,
    about=partial(_of_others_alone, GIVE_CREDENTIALS_TO_ADMINISTRATORS),
    tenancy=Severity.LOW,
    compartment=Severity.LOW,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _MEMBERS, _CREDENTIALS)


RULE = ResourceRule(
    id="oci-escalation-past-administrators",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="An OCI policy keeps its subject from Administrators and from no other group",
    why="CIS asks for just that, and yet any other powerful group is a way to escalate.",
    fix="Name the groups that are meant: where target.group.name = 'NAME', or a pattern such as /app-*/.",
    covers=("LP-82",),
    yields_to=above("oci-escalation-past-administrators"),
    types=STATEMENT_TYPES,
    check=check,
)
