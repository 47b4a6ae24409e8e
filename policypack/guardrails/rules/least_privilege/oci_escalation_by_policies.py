"""An OCI policy lets its subject write policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import inspecting
from ...oci.powers import WRITE_POLICIES
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DANGER: Final = Danger(
    power=WRITE_POLICIES,
    means="may write policies {where}, and so grant itself anything there",
    narrower=inspecting,
    tenancy=Severity.CRITICAL,
    compartment=Severity.MEDIUM,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-escalation-by-policies",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy lets its subject write policies",
    why="Who writes policies escalates to whatever he wants, in the tenancy or in that compartment and below it.",
    fix="Leave policies to the Administrators of the tenancy; whoever has to read them needs `inspect policies`.",
    covers=("LP-88c",),
    yields_to=above("oci-escalation-by-policies"),
    types=STATEMENT_TYPES,
    check=check,
)
