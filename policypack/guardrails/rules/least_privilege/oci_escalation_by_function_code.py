"""An OCI policy lets its subject run its own code as functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import using
from ...oci.powers import RUN_FUNCTIONS
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_DANGER: Final = Danger(
    power=RUN_FUNCTIONS,
    means="may put its own code into any function {where}, which runs with the rights of that function",
    narrower=using,
    tenancy=Severity.LOW,
    compartment=Severity.LOW,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-escalation-by-function-code",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="An OCI policy lets its subject run its own code as functions",
    why="A function has the rights of the dynamic groups it belongs to, and whoever writes its code escalates to them.",
    fix="Keep functions with weighty rights in a compartment of their own; grant `use fn-invocation` to those who call them.",
    covers=("LP-88c", "LP-89"),
    yields_to=above("oci-escalation-by-function-code"),
    types=STATEMENT_TYPES,
    check=check,
)
