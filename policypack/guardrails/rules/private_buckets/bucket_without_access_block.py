"""A bucket has no public access block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.truth import Truth
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..access_blocks import Flag, flag
from ..all_openings import spoken_of
from ..buckets import GENERAL_PURPOSE, NATIVE, Bucket, Part, buckets

_FLAGS: Final = (
    "block_public_acls=True, ignore_public_acls=True, block_public_policy=True, restrict_public_buckets=True"
)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    found, spoken = buckets(stack), spoken_of(stack)
    for bucket in found.all:
        if bucket.resource is None or not bucket.is_managed or bucket in spoken or _has_block(bucket):
            continue
        # What is not known yet may be the block that is missed: nothing is open, so nothing is said. Directory buckets
        # have theirs.
        if any(flag(found, bucket, each).truth is Truth.NO for each in Flag):
            yield Finding(
                path="",
                urn=bucket.resource.urn,
                message="no public access block in this stack covers the bucket, so any later ACL or policy may open it",
                fix=_fix(bucket),
            )


def _has_block(bucket: Bucket) -> bool:
    """Whether there is a block of its own, whose settings are another rule's."""
    return bool(bucket.of(Part.BLOCK)) or bucket.given("publicAccessBlockConfiguration") is not None


def _fix(bucket: Bucket) -> str:
    if bucket.resource is not None and bucket.resource.type == NATIVE:
        return f"Add public_access_block_configuration with {_FLAGS}."
    return f'Add aws.s3.BucketPublicAccessBlock("{bucket.resource.name if bucket.resource else ""}", bucket=BUCKET.id, {_FLAGS}).'


RULE = StackRule(
    id="bucket-without-access-block",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    title="A bucket has no public access block",
    why="AWS blocks public access by default only for buckets made since April 2023, and only while nobody changes it.",
    fix=f"Add aws.s3.BucketPublicAccessBlock with {_FLAGS}.",
    controls=("CIS-AWS-3.0.0:2.1.4", "FSBP-1.0.0:S3.8"),
    covers=("PB-06",),
    types=GENERAL_PURPOSE,
    check=check,
)
