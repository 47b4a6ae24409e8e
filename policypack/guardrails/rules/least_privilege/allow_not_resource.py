"""An identity policy allows something on all resources but some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Yes
from ...aws.breadth import granted
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import actions_in_words, breadth_of, grants, in_words, reaches_far, unreadable

_QUESTION: Final = "what is left of all resources is the whole account"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        statement = grant.statement
        if statement.not_resources is None:
            continue
        breadth = breadth_of(grant)
        left = f"{actions_in_words(statement)} on every resource but {in_words(statement.not_resources)}"
        if breadth.everything is not None:
            yield from grant.findings(breadth.everything, f"NotResource grants {left}", _QUESTION)
        elif not reaches_far(breadth):
            answer = granted(grant.placed.document, statement, None)
            # Nothing dangerous is left, so that a doubt about the rest is none worth saying.
            if isinstance(answer, Yes):
                yield from grant.findings(answer, f"NotResource grants {left}", _QUESTION, severity=Severity.LOW)


RULE = ResourceRule(
    id="allow-not-resource",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy allows something on all resources but some",
    why="What is left is every other resource of the account, those created later included.",
    fix="Name what is needed under Resource; to keep something out of a wider grant, deny it in a statement of its own.",
    covers=("LP-07",),
    yields_to=above("allow-not-resource"),
    types=IDENTITY_TYPES,
    check=check,
)
