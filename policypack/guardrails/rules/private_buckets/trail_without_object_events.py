"""No trail records what is done to objects (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..trails import TRAILS, unrecorded


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    trails = list(stack.of_type(TRAILS))
    if not trails:
        return
    missing, unclear = unrecorded(trails)
    if missing:
        message = f"no trail of this stack records {' and '.join(sorted(missing))} of objects, in any bucket"
        yield Finding(path="", urn=trails[0].urn, message=message)
    elif unclear:
        reason = f"whether a trail records {' and '.join(sorted(unclear))} of objects is not known yet"
        yield undecided("", reason, urn=trails[0].urn)


RULE = StackRule(
    id="trail-without-object-events",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="No trail records what is done to objects",
    why="A trail records who changed a bucket, but not who read or deleted its objects, unless it is told to.",
    fix='Set event_selectors=[{"read_write_type": "All", "include_management_events": True, "data_resources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}]. Each event costs.',
    controls=("CIS-AWS-3.0.0:3.8", "CIS-AWS-3.0.0:3.9"),
    covers=("PB-49",),
    types=tuple(TRAILS),
    check=check,
)
