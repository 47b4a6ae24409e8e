"""An identity policy grants every action of every service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.breadth import granted, speaks_of
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import grants, resources_in_words, unreadable

# Of a service that nobody lists: who names actions or services does not name this one.
_ANY: str = "anyservice:AnyAction"
_QUESTION: Final = "this policy grants every action"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        statement = grant.statement
        if statement.not_actions is not None or not (speaks_of(statement, _ANY) or None in (statement.actions or ())):
            continue
        yield from grant.findings(
            granted(grant.placed.document, statement, (_ANY,)),
            f"every action of every service is granted on {resources_in_words(statement)}, "
            "so its holder also deletes it and decides who else gets in",
            _QUESTION,
        )


RULE = ResourceRule(
    id="every-action-granted",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy grants every action of every service",
    why="Nobody needs every action: among them are deleting, opening to others, and whatever AWS adds next year.",
    fix='List the actions that the holder uses, such as "Action": ["s3:GetObject", "s3:PutObject"].',
    covers=("LP-02",),
    yields_to=above("every-action-granted"),
    types=IDENTITY_TYPES,
    check=check,
)
