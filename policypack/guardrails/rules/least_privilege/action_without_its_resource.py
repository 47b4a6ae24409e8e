"""A statement names an action that works on none of its resources (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.dead import misplaced
from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..arn_forms import in_a_sentence
from ..every_document import ALL_TYPES, all_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in all_documents(resource):
        for found in placed.ask(misplaced):
            asked = "all resources" if found.formats == ("*",) else in_a_sentence(found.formats)
            yield placed.finding(
                found.path,
                f"{found.action} is asked for on {asked}, which this statement does not name, so it is not granted",
                fix=f'Give {found.action} a statement of its own with "Resource" {asked.replace("all resources", "*")}.',
                cause=placed.place(found.statement),
            )


RULE = ResourceRule(
    id="action-without-its-resource",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A statement names an action that works on none of its resources",
    why="The action is not granted, so whoever needs it will be given a wider grant in a hurry.",
    fix="Give actions on resources of another type, or on none, a statement of their own.",
    covers=("LP-28",),
    yields_to=("object-action-on-bucket-arn",),
    types=ALL_TYPES,
    check=check,
)
