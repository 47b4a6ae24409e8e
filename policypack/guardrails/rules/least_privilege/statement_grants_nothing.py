"""An Allow statement grants nothing, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.dead import Cause, Dead, dead
from ...aws.document import Kind, Statement
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ALL_TYPES, Placed, all_documents

# An action of many types works on more than a fix has room for.
_SHOWN: Final = 3


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in all_documents(resource):
        statements = {each.path: each for each in placed.document.statements}
        for found in placed.ask(dead):
            if not _is_for_others(placed, statements[found.path]):
                yield _finding(placed, found)


def _is_for_others(placed: Placed, statement: Statement) -> bool:
    """Whether other rules judge what is wrong: what AWS refuses, and what the tokens of providers hold."""
    if any(problem.path.startswith(statement.path) for problem in placed.document.problems):
        return True
    return placed.document.kind is Kind.TRUST and any(
        principal.kind == "Federated" for principal in statement.named_principals
    )


def _finding(placed: Placed, found: Dead) -> Finding:
    what, fix, severity = "nobody it names can make such a request", "", None
    if found.cause is Cause.CONDITION:
        what = f"{found.part.rpartition('.Condition.')[2]} never holds for whoever it speaks of"
        fix = "Remove the condition, or write the key and the value that these requests have."
    elif found.cause is Cause.RESOURCE:
        what = "its actions do not work on the resources that it names"
        if found.formats == ("*",):
            what = f"{found.action} is only ever asked for on all resources, never on one"
            fix = 'Give it a statement of its own with "Resource": "*".'
            # The table is of a date, and services learn to be asked for single resources.
            severity = Severity.LOW
        elif found.formats:
            fix = f"{found.action} works on {' and '.join(found.formats[:_SHOWN])}: name one of these."
    message = f"this statement grants nothing: {what}"
    return placed.finding(found.part, message, fix=fix, severity=severity, cause=placed.place(found.path))


RULE = ResourceRule(
    id="statement-grants-nothing",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An Allow statement grants nothing",
    why="The access it was meant to give is missing, so whoever needs it will be given a wider one in a hurry.",
    fix="Name ARNs that the actions work on, conditions that their requests carry, and principals that make them.",
    covers=("LP-28",),
    yields_to=("object-action-on-bucket-arn", "role-trust-grants-nothing"),
    types=ALL_TYPES,
    check=check,
)
