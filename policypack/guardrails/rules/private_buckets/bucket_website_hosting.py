"""A bucket is served as a website (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..buckets import GENERAL_PURPOSE, PARTS, Part, buckets
from ..exposure import opened_buckets

_INLINE: Final = ("website", "websites", "websiteConfiguration")
_REDIRECT: Final = "redirectAllRequestsTo"
_MESSAGE: Final = "the website endpoint speaks plain HTTP only and shows what everyone may read, nothing else"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    found, opened = buckets(stack), opened_buckets(stack)
    for part in stack.of_type(PARTS[Part.WEBSITE]):
        # What only redirects serves nothing of its own.
        if part[_REDIRECT].absent and not any(each in opened for each in found.of(part)):
            yield Finding(path="", urn=part.urn, message=_MESSAGE)
    for bucket in found.all:
        for key in _INLINE:
            inline = bucket.given(key)
            if inline is None or bucket.resource is None or bucket in opened:
                continue
            if any(each.unknown or each[_REDIRECT].absent for each in inline.elements()):
                yield Finding(path=inline.path, urn=bucket.resource.urn, message=_MESSAGE)


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
