"""An OCI policy lets machines change things in the whole tenancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.conditions import tests_of
from ...oci.meaning import ANYONE, Power
from ...oci.narrower import in_a_compartment
from ...oci.permissions import changing
from ...oci.tree import Action, Grant, Subject, SubjectKind
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

# What agents on every machine send.
_TELEMETRY: Final = frozenset({"METRIC_WRITE", "LOG_CONTENT_PUSH", "UNIFIED_AGENT_CONFIG_GENERATE"})


def _changed(action: Action) -> Power:
    return Power(tuple(name for name in changing(action) if name not in _TELEMETRY))


def _of_machines(statement: Grant) -> bool:
    """Whether it is about a dynamic group, or about resources that a condition picks out as a matching rule would."""
    subject = statement.subject
    if not isinstance(subject, Subject) or subject.kind is SubjectKind.DYNAMIC_GROUP:
        return True
    tests = tests_of(statement.condition)
    return subject.kind in ANYONE and any(test.variable.lower().startswith("request.principal.") for test in tests)


_DANGER: Final = Danger(
    power=_changed,
    means="may {action} in the whole tenancy",
    narrower=in_a_compartment,
    tenancy=Severity.MEDIUM,
    about=_of_machines,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER)


RULE = ResourceRule(
    id="oci-dynamic-group-granted-in-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An OCI policy lets machines change things in the whole tenancy",
    why="Whoever runs code on one of the machines has its rights, in the compartments of every other team too.",
    fix="Grant it in a compartment: Allow dynamic-group NAME to use FAMILY in compartment COMPARTMENT.",
    covers=("LP-88c",),
    yields_to=above("oci-dynamic-group-granted-in-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
