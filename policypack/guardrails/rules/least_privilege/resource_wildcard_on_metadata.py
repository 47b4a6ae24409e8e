"""An identity policy reads the settings, or sets the tags, of resources that nobody named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.breadth import breadths_of_metadata
from ...aws.dangers import Danger
from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..narrower_grants import naming
from ..precedence import above
from ..wide_grants import allowed, grants, unreadable

_QUESTION: Final = "this policy reads the settings of every resource"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from unreadable(resource, _QUESTION)
    for grant in grants(resource):
        breadths = grant.placed.ask(breadths_of_metadata)
        breadth = next(each for each in breadths if each.statement is grant.statement)
        reach = breadth.reaches.get(Danger.METADATA)
        if reach is not None:
            message = f"{allowed(grant.statement, reach.answer)}, though it can be granted on named ones"
            yield from grant.findings(reach.answer, message, _QUESTION, fix=naming(grant.statement, reach.answer))


RULE = ResourceRule(
    id="resource-wildcard-on-metadata",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A policy reads settings or sets tags on every resource",
    why="Settings tell an intruder where to go next, and tags are what other policies decide by.",
    fix="Name the resources, except for the actions that work on none and for auditors.",
    covers=("LP-05",),
    yields_to=above("resource-wildcard-on-metadata"),
    level=Level.DISABLED,
    types=IDENTITY_TYPES,
    check=check,
)
