"""An Allow statement grants nothing, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.dead import Cause, Dead, dead
from ...aws.document import Kind, Statement, readable
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..arn_forms import in_a_sentence
from ..aws_documents import Placed
from ..every_document import ALL_TYPES, all_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in all_documents(resource):
        statements = {each.path: each for each in placed.document.statements}
        for found in placed.ask(dead):
            if not _takes_tokens(placed, statements[found.path]):
                yield _finding(placed, statements[found.path], found)


def _takes_tokens(placed: Placed, statement: Statement) -> bool:
    """Whether a statement lets in the holders of tokens, which rules on what tokens hold judge."""
    return placed.document.kind is Kind.TRUST and any(
        principal.kind == "Federated" for principal in statement.named_principals
    )


def _finding(placed: Placed, statement: Statement, found: Dead) -> Finding:
    what, fix, severity = "nobody it names can make such a request", "", None
    if found.cause is Cause.CONDITION:
        what = f"{found.part.rpartition('.Condition.')[2]} never holds for whoever it speaks of"
        fix = "Remove the condition, or write the key and the value that these requests have."
    elif found.cause is Cause.RESOURCE:
        named = next(iter(readable(statement.resources)), "what it names")
        what = f"{found.action or 'what it allows'} is never asked for on {named}"
        if found.formats == ("*",):
            what = f"{found.action} is only ever asked for on all resources, never on one such as {named}"
            fix = 'Give it a statement of its own with "Resource": "*".'
            # The table is of a date, and services learn to be asked for single resources.
            severity = Severity.LOW
        elif found.formats:
            fix = f"Name what {found.action} works on: {in_a_sentence(found.formats)}."
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
    yields_to=(
        "object-action-on-bucket-arn",
        "policy-document-rejected",
        "role-trust-grants-nothing",
        "role-trust-unsound-condition",
    ),
    types=ALL_TYPES,
    check=check,
)
