"""An ACL opens a bucket or an object to everyone."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import Edit, SetText, StackRule
from ..acl_openings import ACL_TYPES, acl_openings, canned, canned_key
from ..buckets import NATIVE
from ..openings import reached


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    yield from reached(acl_openings(stack))


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    if canned(resource):
        yield SetText((canned_key(resource),), "Private" if resource.type == NATIVE else "private")


RULE = StackRule(
    id="bucket-public-acl",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.HIGH,
    title="An ACL opens a bucket or its objects to everyone",
    why="An ACL for everyone gives the data to whoever finds or guesses the name of the bucket.",
    fix='Set the ACL to "private" and grant access by policy to those who need it.',
    controls=("FSBP-1.0.0:S3.2", "FSBP-1.0.0:S3.3", "CIS-AWS-3.0.0:2.1.4"),
    covers=("PB-01", "PB-02", "PB-03", "PB-04", "PB-05", "PB-15"),
    types=ACL_TYPES,
    check=check,
    remediate=remediate,
    mends=ACL_TYPES,
)
