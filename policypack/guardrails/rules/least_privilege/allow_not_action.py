"""An identity policy allows all actions but some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws import actions as table
from ...aws.answers import Yes
from ...aws.breadth import granted
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import actions_in_words, breadth_of, grants, in_words, reaches_far, resources_in_words, unreadable

_QUESTION: Final = "what is left of all actions reaches the whole account"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        statement = grant.statement
        if statement.not_actions is None:
            continue
        breadth = breadth_of(grant)
        left = f"NotAction leaves all of {len(table.services())} services but {in_words(statement.not_actions)}"
        if breadth.everything is not None:
            yield from grant.findings(breadth.everything, f"{left}, on the whole account", _QUESTION)
        elif not reaches_far(breadth):
            answer = granted(grant.placed.document, statement, None)
            # Whatever a bounded statement leaves is a matter of taste, so that a doubt about it is none worth saying.
            if isinstance(answer, Yes):
                message = f"NotAction grants {actions_in_words(statement)} on {resources_in_words(statement)}"
                yield from grant.findings(answer, message, _QUESTION, severity=Severity.LOW)


RULE = ResourceRule(
    id="allow-not-action",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy allows all actions but some",
    why="What is left is everything that nobody thought of, the actions of services that do not exist yet included.",
    fix="List what is needed under Action; to keep something out of a wider grant, deny it in a statement of its own.",
    covers=("LP-06",),
    yields_to=above("allow-not-action"),
    types=IDENTITY_TYPES,
    check=check,
)
