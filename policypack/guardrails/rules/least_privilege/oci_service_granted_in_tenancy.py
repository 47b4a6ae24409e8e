"""An OCI policy lets a service manage things in the whole tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.meaning import Power
from ...oci.narrower import in_a_compartment
from ...oci.permissions import granted, managing
from ...oci.powers import PUBLISH_BUCKETS, READ_OBJECTS, READ_SECRETS
from ...oci.tree import Action, SubjectKind
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DATA: Final = (*READ_SECRETS.permissions, *READ_OBJECTS.permissions, *PUBLISH_BUCKETS.permissions)


def _managed(action: Action) -> Power:
    held = granted(action).permissions
    return Power((*(name for name in _DATA if name in held), *managing(action)))


_DANGER: Final = Danger(
    power=_managed,
    means="may {action} in the whole tenancy, on behalf of whoever makes it do so",
    narrower=in_a_compartment,
    tenancy=Severity.MEDIUM,
    subjects=frozenset({SubjectKind.SERVICE}),
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-service-granted-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An OCI policy lets a service manage things, or read data, in the whole tenancy",
    why="A service acts for many; one user who configures it in his own compartment reaches into those of others.",
    fix="Grant it in the compartment that holds the resources: Allow service NAME to manage FAMILY in compartment COMPARTMENT.",
    covers=("LP-88c",),
    yields_to=above("oci-service-granted-in-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
