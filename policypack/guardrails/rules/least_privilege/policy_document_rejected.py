"""AWS will not accept a policy document, or reads it otherwise than it was meant."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.document import Problem
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import statement_of
from ..every_document import ALL_TYPES, all_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in all_documents(resource):
        # A misspelt element is also a missing one: what is wrong with one statement is one finding.
        by_statement: dict[str, list[Problem]] = {}
        for problem in placed.document.problems:
            by_statement.setdefault(problem.path.partition("]")[0], []).append(problem)
        for problems in by_statement.values():
            messages = dict.fromkeys(problem.message for problem in problems)
            path = problems[0].path
            yield placed.finding(path, "; ".join(messages), cause=placed.place(statement_of(path)))


RULE = ResourceRule(
    id="policy-document-rejected",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy document is not valid",
    why="AWS refuses such a document when it is created, or ignores the part; either way it does not say what its author meant.",
    fix="Write the element as the policy language has it: Version, Statement; Sid, Effect, Principal, Action, Resource, Condition.",
    covers=("LP-28", "LP-61"),
    yields_to=("role-trust-wildcard-principal", "role-trust-not-principal"),
    types=ALL_TYPES,
    check=check,
)
