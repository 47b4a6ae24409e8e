"""A bucket is replicated to one that the stack does not have (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..oci_buckets import REPLICATION, replications, shown

_TO: Final = "destinationBucketName"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for policy, copies in replications(stack):
        if copies is None:
            yield undecided(_TO, "the bucket that the objects are copied to is not known yet", urn=policy.urn)
        elif not copies and not policy[_TO].absent:
            name, region = shown(policy[_TO]), shown(policy["destinationRegionName"])
            copy = f"{f'bucket {name!r}' if name else 'a bucket'}{f' in {region}' if region else ''}"
            yield Finding(
                path=_TO,
                urn=policy.urn,
                message=f"every object is copied to {copy}, which is not in this stack: who may read it there is not known",
            )


RULE = StackRule(
    id="oci-bucket-replicated-elsewhere",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A bucket is replicated to one that the stack does not have",
    why="The copy is as secret as the original, and nothing here says who may read it.",
    fix='Declare the copy too, with a provider for its region and access_type="NoPublicAccess": destination_bucket_name=copy.name.',
    covers=("PB-65",),
    types=(REPLICATION,),
    check=check,
)
