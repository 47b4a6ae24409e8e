"""An access point lets strangers in."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..access_point_openings import ACCESS_POINT_TYPES, access_point_openings
from ..openings import reached


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    yield from reached(access_point_openings(stack))


RULE = StackRule(
    id="access-point-public-policy",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.CRITICAL,
    title="The policy of an access point lets strangers in",
    why="Anyone on the internet, or anyone with an AWS account, reaches the bucket behind it with the request that is shown.",
    fix='Name who needs access in "Principal", or add a condition that strangers cannot meet: aws:PrincipalOrgID, aws:SourceVpce. Leave the access point\'s own public access block on.',
    controls=("FSBP-1.0.0:S3.19",),
    covers=("PB-30",),
    types=ACCESS_POINT_TYPES,
    check=check,
)
