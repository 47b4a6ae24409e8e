"""A policy reaches objects of a bucket that the stack does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ...aws.document import Document, Effect, Statement
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ...values import has_stand_in
from ..aws_documents import IDENTITY_TYPES, identity_documents
from ..s3_objects import named_object_actions

_BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    names = {bucket["bucket"].text for bucket in stack.of_type(_BUCKETS)}
    if not names or None in names:
        return  # without the names of the stack's buckets nothing can be said to be outside
    for resource in stack.of_type(IDENTITY_TYPES):
        for placed in identity_documents(resource):
            for statement, bucket in _named_buckets(placed.document):
                if bucket not in names:
                    found = placed.finding(f"{statement.path}.Resource", f"the bucket {bucket} is none of this stack's")
                    yield replace(found, urn=resource.urn)


def _named_buckets(document: Document) -> Iterator[tuple[Statement, str]]:
    """The buckets that Allow statements on objects name in full."""
    for statement in document.statements:
        if statement.effect is Effect.ALLOW and named_object_actions(statement):
            for target in statement.resources or ():
                bucket = _bucket(target)
                if bucket is not None:
                    yield statement, bucket


def _bucket(target: object) -> str | None:
    """The bucket that an object ARN names in full; None for anything else."""
    if not isinstance(target, str) or has_stand_in(target) or not target.startswith("arn:"):
        return None
    _, found, rest = target.partition(":s3:::")
    bucket = rest.partition("/")[0]
    return bucket if found and bucket and not {"*", "?", "$"} & set(bucket) else None


RULE = StackRule(
    id="object-access-outside-stack",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A policy reaches objects of a bucket that is not in the stack",
    why="A bucket name typed by hand may belong to somebody else, or to another environment.",
    fix="Take the ARN from the bucket itself, or disable this advice where the bucket belongs to another stack.",
    types=IDENTITY_TYPES,
    check=check,
)
