"""A bucket policy lets strangers in."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..openings import reached
from ..policy_openings import POLICY_TYPES, policy_openings


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    yield from reached(policy_openings(stack))


RULE = StackRule(
    id="bucket-public-policy",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.CRITICAL,
    title="A bucket policy lets strangers in",
    why="Anyone on the internet, or anyone with an AWS account, can make the request that is shown.",
    fix='Name who needs access in "Principal", or add a condition that strangers cannot meet: aws:PrincipalOrgID, aws:SourceVpce, aws:SourceArn with fixed values.',
    controls=("FSBP-1.0.0:S3.2", "FSBP-1.0.0:S3.3"),
    covers=("PB-15", "PB-20", "PB-21", "PB-50"),
    types=POLICY_TYPES,
    check=check,
)
