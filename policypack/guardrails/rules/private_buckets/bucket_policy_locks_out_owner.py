"""A bucket policy keeps its owner from ever changing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Undecided
from ...aws.supposed import nobody_may
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..bucket_policies import BUCKET_POLICIES, standing
from ..resource_policies import bucket_documents, cause_of

_CHANGING: Final = ("PutBucketPolicy", "DeleteBucketPolicy")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in bucket_documents(resource):
        stood = standing(resource, placed.document)
        actions = tuple(f"{stood.service}:{each}" for each in _CHANGING)
        found = nobody_may(stood.document, actions, stood.arn)
        if isinstance(found, Undecided):
            yield from placed.findings(found, "", "this policy locks its owner out", cause=placed.value.path)
        elif found:
            yield placed.finding(
                found,
                f"with this Deny nobody may {' or '.join(actions)} any more, administrators of the account included",
                cause=cause_of(placed, found),
            )


RULE = ResourceRule(
    id="bucket-policy-locks-out-owner",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.MEDIUM,
    title="A bucket policy locks its owner out",
    why="Once it is in force nobody can change it or take it away, the next deployment included.",
    fix='Add to the Deny "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/YOUR_DEPLOYMENT_ROLE"}}. Where it is in force already, the root user of the account can still delete the policy.',
    covers=("PB-25",),
    types=BUCKET_POLICIES,
    check=check,
)
