"""An object action is granted on a bucket's ARN, where it means nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from ...aws.document import Effect, Statement
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES, Placed, identity_documents
from ..resource_policies import bucket_documents
from ..s3_objects import named_object_actions

_BUCKET_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    documents = bucket_documents(resource) if resource.type == _BUCKET_POLICY else identity_documents(resource)
    for placed in documents:
        for statement in placed.document.statements:
            yield from _judge(placed, statement)


def _judge(placed: Placed, statement: Statement) -> Iterator[Finding]:
    actions = named_object_actions(statement)
    resources = statement.resources
    if statement.effect is not Effect.ALLOW or not actions or not resources:
        return
    if all(isinstance(resource, str) and _is_bucket(resource) for resource in resources):
        yield placed.finding(
            f"{statement.path}.Resource",
            f"{actions[0]} is asked of objects, and {resources[0]} is a bucket: this statement grants it on nothing",
            fix=f'Give {actions[0]} a statement of its own with "Resource": {json.dumps([f"{each}/*" for each in resources])}',
            cause=placed.place(statement.path),
        )


def _is_bucket(resource: str) -> bool:
    """Whether this ARN can only be a bucket: no object part, and no wildcard that could reach into one."""
    return resource.startswith("arn:") and ":s3:::" in resource and not {"/", "*", "?", "$"} & set(resource)


RULE = ResourceRule(
    id="object-action-on-bucket-arn",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An object action is granted on a bucket's ARN",
    why="The grant is dead, so whoever needs the access will be given a wider one in a hurry.",
    fix='Add "/*" to the bucket\'s ARN for object actions; keep the bare ARN for s3:ListBucket.',
    types=(*IDENTITY_TYPES, _BUCKET_POLICY),
    check=check,
)
