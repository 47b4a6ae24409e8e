"""An identity policy changes or deletes resources that nobody named."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.dangers import Danger
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import wide_findings


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from wide_findings(
        resource,
        Danger.WRITING,
        "acts on what belongs to others",
        "this policy changes every resource of a type",
    )


RULE = ResourceRule(
    id="write-on-every-resource",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy changes or deletes every resource of a type",
    why="A mistake or a leaked credential of one workload reaches the resources of all others.",
    fix="Name the resources or their prefix, or bind the action to a tag with `aws:ResourceTag` or `aws:RequestTag`.",
    covers=("LP-13",),
    yields_to=above("write-on-every-resource"),
    types=IDENTITY_TYPES,
    check=check,
)
