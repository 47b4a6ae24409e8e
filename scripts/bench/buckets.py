"""How long the rules over a stack take where it has many buckets, each with what belongs to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from policypack.guardrails.model import Resource

from . import stacks
from .figures import Effort, Figure

_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_FLAGS: Final = ("blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets")
_ROLE: Final = "arn:aws:iam::402918573664:role"


def buckets(count: int) -> Iterator[Resource]:
    """So many buckets, each with a block and a policy that name it by its text; the first has no block and is open."""
    for number in range(count):
        name = f"model-data-{number}"
        arns = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
        tls = {"Bool": {"aws:SecureTransport": "false"}}
        statements = [
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": arns, "Condition": tls},
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"{_ROLE}/reader-{number}"} if number else "*",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": arns,
            },
        ]
        yield _resource("aws:s3/bucket:Bucket", name, bucket=name, id=name, arn=arns[0])
        if number:
            yield _resource(_BLOCK, name, bucket=name, **dict.fromkeys(_FLAGS, True))
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        yield _resource("aws:s3/bucketPolicy:BucketPolicy", name, bucket=name, policy=policy)


def _resource(type_: str, name: str, /, **properties: object) -> Resource:
    return Resource(urn=f"urn:pulumi:d::bench::{type_}::{name}", type=type_, name=name, properties=properties)


def judged(count: int) -> tuple[float, int]:
    """The processor time of all rules over a stack with so many buckets, and how many of these they call open."""
    seconds, found = stacks.judged(buckets(count))
    return seconds, found["bucket-public-policy"]


def buckets_figure(effort: Effort) -> Figure:
    """Ten times as many buckets against the first many."""
    few, _ = judged(effort.buckets)
    many, _ = judged(effort.buckets * stacks.TIMES)
    return stacks.growth("buckets", effort.buckets, few, many, "blocks and policies")
