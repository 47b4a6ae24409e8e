"""How long the rules over a stack take where it has many buckets, each with what belongs to it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Final

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.judge import Scene, default_policy, judge_stack
from policypack.guardrails.model import Resource, Run, Stack
from policypack.guardrails.rule import StackRule

from .figures import Effort, Figure

_TIMES: Final = 10
# Ten times as many, and a little for memory that is farther away.
_BUDGET: Final = 12.0
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
    resources = tuple(buckets(count))
    stack, scene = Stack(resources), Scene(resources, Run())
    rules = [rule for rule in RULES if isinstance(rule, StackRule)]
    start = time.process_time()
    found = [one for rule in rules for one in judge_stack(default_policy(rule), stack, scene)]
    return time.process_time() - start, sum(one.rule.id == "bucket-public-policy" for one in found)


def buckets_figure(effort: Effort) -> Figure:
    """Ten times as many buckets against the first many."""
    few, _ = judged(effort.buckets)
    many, _ = judged(effort.buckets * _TIMES)
    ratio = many / few
    return Figure(
        name=f"The rules over a stack of {effort.buckets * _TIMES:,} buckets / of {effort.buckets:,}",
        ratio=ratio,
        value=ratio,
        budget=_BUDGET,
        limit=f"{_BUDGET:g}x",
        measured=f"{many:.1f} s against {few:.2f} s of processor time, with blocks and policies",
    )
