"""The condition of an OCI statement holds for every request."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.comparison import holds_always
from ...oci.tree import Grant, brief
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if isinstance(statement, Grant) and holds_always(statement.condition):
            means = "the denial is one of everything" if statement.denies else "it keeps nobody out"
            message = f"the condition `{brief(statement.condition)}` holds for every request, so {means}"
            yield shown(value, Finding(path=value.path, message=message, cause=value.path))


RULE = ResourceRule(
    id="oci-policy-condition-without-effect",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="The condition of an OCI statement holds for every request",
    why="A reader takes the statement for a narrow one.",
    fix="Compare with the value that is meant, such as target.bucket.name = 'NAME', or leave the condition out.",
    covers=("LP-88d",),
    yields_to=above("oci-policy-condition-without-effect"),
    types=STATEMENT_TYPES,
    check=check,
)
