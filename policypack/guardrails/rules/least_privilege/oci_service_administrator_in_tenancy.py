"""An OCI policy makes a group administrator of one service in the tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...oci.meaning import Power
from ...oci.narrower import in_a_compartment
from ...oci.permissions import managing
from ...oci.tree import Action, SubjectKind
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above


def _managed(action: Action) -> Power:
    return Power(managing(action))


_DANGER: Final = Danger(
    power=_managed,
    means="may {action} in every compartment of the tenancy",
    narrower=in_a_compartment,
    tenancy=Severity.LOW,
    subjects=frozenset({SubjectKind.GROUP}),
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-service-administrator-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="An OCI policy makes a group administrator of one service in the tenancy",
    why="CIS asks for administrators of single services; in a tenancy of many teams a compartment is narrower still.",
    fix="Grant it in a compartment: Allow group NAME to manage FAMILY in compartment COMPARTMENT.",
    covers=("LP-81",),
    yields_to=above("oci-service-administrator-in-tenancy"),
    level=Level.DISABLED,
    types=STATEMENT_TYPES,
    check=check,
)
