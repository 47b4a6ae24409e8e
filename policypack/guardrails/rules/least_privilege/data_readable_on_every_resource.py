"""An identity policy reads the data of tables, queues and the like that nobody named."""

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
        resource, Danger.DATA, "reads the data of all others too", "this policy reads the data of every resource"
    )


RULE = ResourceRule(
    id="data-readable-on-every-resource",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy reads the data of every table, queue or database",
    why="A workload that needs one table can copy all of them, those created later included.",
    fix="Name the tables, queues or streams that are read: `arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE_NAME`.",
    covers=("LP-11",),
    yields_to=above("data-readable-on-every-resource"),
    types=IDENTITY_TYPES,
    check=check,
)
