"""A bucket policy that S3 calls public, though no stranger gets through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import No, Undecided
from ...aws.fixed_values import Public, open_by_definition
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..bucket_policies import open_to_strangers
from ..resource_policies import BUCKET_LIKE, bucket_documents, cause_of

# Those that a public access block, whose definition this is, watches over.
_TYPES: Final = tuple(each for each, place in BUCKET_LIKE.items() if {"s3", "s3-object-lambda"} & {*place.services})


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in bucket_documents(resource):
        found = placed.ask(open_by_definition)
        # Where strangers get through, or may, the rules on that speak.
        if isinstance(found, No) or not isinstance(placed.ask(open_to_strangers), No):
            continue
        if isinstance(found, Public):
            yield placed.finding(
                found.path,
                f"AWS calls this policy public, though no stranger gets through: {found.reason}; a block with "
                "block_public_policy refuses such a policy, and one with restrict_public_buckets cuts other accounts "
                "off from the whole bucket",
                cause=cause_of(placed, found.statement),
            )
        elif isinstance(found, Undecided):
            yield from placed.findings(found, "", "AWS calls this policy public", cause=placed.value.path)


RULE = ResourceRule(
    id="bucket-policy-open-by-definition",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    title="AWS calls a bucket policy public, though no stranger gets through",
    why="A public access block goes by that definition: it refuses the policy, or cuts other accounts off at once.",
    fix='Limit each Allow to fixed values, without wildcard or variable: principals, or "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-YOURS"}}, or aws:SourceArn, aws:SourceAccount, aws:SourceVpce.',
    covers=("PB-15", "PB-20"),
    yields_to=("resource-policy-without-source", "resource-policy-not-principal"),
    types=_TYPES,
    check=check,
)
