"""A bucket is served as a website (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..bucket_configurations import of_closed_buckets
from ..buckets import GENERAL_PURPOSE, PARTS, Part

_INLINE: Final = ("website", "websites", "websiteConfiguration")
_REDIRECT: Final = "redirectAllRequestsTo"
_MESSAGE: Final = "the website endpoint speaks plain HTTP only and shows what everyone may read, nothing else"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for resource, website, _ in of_closed_buckets(stack, Part.WEBSITE, _INLINE):
        # What only redirects serves nothing of its own.
        if any(each.unknown or each[_REDIRECT].absent for each in website.elements()):
            yield Finding(path=website.path, urn=resource.urn, message=_MESSAGE)


RULE = StackRule(
    id="bucket-website-hosting",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A bucket is served as a website",
    why="Sooner or later somebody opens such a bucket, as its website shows nothing otherwise; and what it serves can be read and changed on its way.",
    fix="Remove the website; put CloudFront with an origin access control in front of the private bucket.",
    covers=("PB-27",),
    types=(*PARTS[Part.WEBSITE], *GENERAL_PURPOSE),
    check=check,
)
