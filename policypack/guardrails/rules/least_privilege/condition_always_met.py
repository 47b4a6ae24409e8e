"""A condition of a grant holds for every request."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.dead import always_met
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..every_document import ALL_TYPES, all_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in all_documents(resource):
        for statement, condition in placed.ask(always_met):
            yield placed.finding(
                condition.path,
                f"every request meets {condition.operator} on {condition.key}, so it limits nothing",
                cause=placed.place(statement),
            )


RULE = ResourceRule(
    id="condition-always-met",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A condition of a grant holds for every request",
    why="Whoever reads the policy takes the grant to be limited, and it is not.",
    fix="Compare with the values that are meant, without a wildcard that takes in all of them, or leave the condition out.",
    covers=("LP-28",),
    yields_to=("policy-document-rejected",),
    types=ALL_TYPES,
    check=check,
)
