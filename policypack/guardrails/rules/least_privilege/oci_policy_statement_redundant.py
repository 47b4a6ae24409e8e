"""A statement of an OCI policy says nothing that another one of the policy does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource, Value
from ...oci.grants import implies
from ...oci.tree import Grant
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    said = [(value, statement) for value, statement in statements(resource) if isinstance(statement, Grant)]
    for place, (value, statement) in enumerate(said):
        other = _wider(said, place, statement)
        if other is not None:
            effect = "denies" if statement.denies else "grants"
            finding = Finding(
                path=value.path,
                message=f"`{other.path}` {effect} all of this, and the policy is the same without it",
                cause=value.path,
            )
            yield shown(value, finding)


def _wider(said: Sequence[tuple[Value, Grant]], place: int, statement: Grant) -> Value | None:
    """The statement that says all of the one at `place`; of two that say the same, the earlier one stays."""
    for index, (value, other) in enumerate(said):
        if index != place and implies(other, statement) and (index < place or not implies(statement, other)):
            return value
    return None


RULE = ResourceRule(
    id="oci-policy-statement-redundant",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A statement of an OCI policy says nothing new",
    why="Whoever narrows one of the two believes the grant to be narrower than it is.",
    fix="Take the statement out, or narrow the wider one.",
    covers=("LP-88d",),
    level=Level.DISABLED,
    types=STATEMENT_TYPES,
    check=check,
)
