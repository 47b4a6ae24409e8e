"""An access point was made without its public access block."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.truth import Truth
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..access_blocks import Flag, flag
from ..access_point_openings import opened_points
from ..access_points import ACCESS_POINTS, AccessPoint, access_points
from ..buckets import Buckets, buckets


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    found, opened = buckets(stack), opened_points(stack)
    for urn, point in access_points(stack).items():
        # Nobody outside the VPC gets at one that belongs to a VPC.
        if urn not in opened and point.from_vpc is not Truth.YES and not point.on_outpost:
            yield from _judge(found, point)


def _judge(found: Buckets, point: AccessPoint) -> Iterator[Finding]:
    left = [each for each in Flag if not _is_set_behind(found, point, each)]
    off = [each for each in left if point.flag(each).truth is Truth.NO]
    unknown = [each for each in left if point.flag(each).truth is Truth.MAYBE]
    urn = point.resource.urn
    if off:
        names = [each.argument for each in off]
        yield Finding(
            path=point.setting(off[0]).path,
            urn=urn,
            message=f"{', '.join(names)} {'are' if len(off) > 1 else 'is'} off, which nobody can change once the access point "
            "is made",
            fix=f"Leave out {', '.join(f'{each}=False' for each in names)}: all four are on by default. The access point is "
            "made anew.",
        )
    elif unknown:
        reason = "whether the flag is set is not known yet"
        yield undecided(point.setting(unknown[0]).path, reason, urn=urn)


def _is_set_behind(found: Buckets, point: AccessPoint, wanted: Flag) -> bool:
    """Whether every bucket behind an access point has the flag set already."""
    return bool(point.buckets) and all(flag(found, each, wanted).truth is Truth.YES for each in point.buckets)


RULE = StackRule(
    id="access-point-block-off",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    title="An access point was made without its public access block",
    why="Only the block of the bucket or of the account then stands between a later policy and the internet; that of the access point can never be turned on.",
    fix="Leave public_access_block_configuration out, or set all four flags, and make the access point anew.",
    controls=("FSBP-1.0.0:S3.19",),
    covers=("PB-13",),
    types=ACCESS_POINTS,
    check=check,
)
