"""A text is not a statement, or not a matching rule, of the OCI policy language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Value
from ...oci import matching
from ...oci.rejection import Rejected
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements

_GROUPS: Final = (
    "oci:Identity/dynamicGroup:DynamicGroup",
    "oci:Identity/domainsDynamicResourceGroup:DomainsDynamicResourceGroup",
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if resource.type in _GROUPS:
        rule = resource["matchingRule"]
        if not rule.absent:
            yield from _judge(rule, matching.parse(rule.raw))
    else:
        for value, statement in statements(resource):
            yield from _judge(value, statement)


def _judge(value: Value, read: object) -> Iterator[Finding]:
    if isinstance(read, Rejected):
        yield shown(value, Finding(path=value.path, message=str(read)))


RULE = ResourceRule(
    id="oci-policy-statement-rejected",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy statement or matching rule does not parse",
    why="OCI refuses the whole policy when it is created, in the middle of an update.",
    fix="Correct the statement at the column given.",
    types=(*STATEMENT_TYPES, *_GROUPS),
    check=check,
)
