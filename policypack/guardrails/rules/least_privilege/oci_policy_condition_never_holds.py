"""The condition of an OCI statement holds for no request."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.meaning import never_holds
from ...oci.tree import Grant
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        reason = never_holds(statement) if isinstance(statement, Grant) else ""
        if isinstance(statement, Grant) and reason:
            effect = "denies" if statement.denies else "grants"
            finding = Finding(
                path=value.path,
                message=f"the statement {effect} nothing: {reason}",
                severity=None if statement.denies else Severity.LOW,
                cause=value.path,
            )
            yield shown(value, finding)


RULE = ResourceRule(
    id="oci-policy-condition-never-holds",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="The condition of an OCI statement holds for no request",
    why="What was meant to be granted is not, and the next change is likely a wider one; a deny that never holds keeps nobody out.",
    fix="Correct the condition, or take the statement out.",
    covers=("LP-88d",),
    types=STATEMENT_TYPES,
    check=check,
)
