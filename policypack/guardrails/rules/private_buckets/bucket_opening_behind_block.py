"""Only a setting beside it keeps strangers out of an opened bucket."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..all_openings import OPENING_TYPES, all_openings
from ..openings import held_back


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    yield from held_back(all_openings(stack))


RULE = StackRule(
    id="bucket-opening-behind-block",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.MEDIUM,
    title="Only a block keeps strangers out of an opened bucket",
    why="The data is one lifted block away from the internet; meanwhile AWS may refuse the deployment, or act on something else than the program says.",
    fix="Remove the grant that the block overrides, so that the program says what holds.",
    covers=("PB-11", "PB-15"),
    types=OPENING_TYPES,
    check=check,
)
