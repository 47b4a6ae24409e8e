"""An identity policy gives access to the objects of every bucket."""

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
        resource, Danger.OBJECTS, "reaches the data of every bucket", "this policy reaches the objects of every bucket"
    )


RULE = ResourceRule(
    id="object-access-on-every-bucket",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy gives access to the objects of every bucket",
    why="A workload that needs one bucket can read or overwrite the data of all of them, those created later included.",
    fix='Name the bucket: "Resource": "arn:aws:s3:::BUCKET/*" for objects, "arn:aws:s3:::BUCKET" for listing.',
    covers=("LP-11", "LP-21", "LP-22"),
    yields_to=above("object-access-on-every-bucket"),
    types=IDENTITY_TYPES,
    check=check,
)
