"""A pre-authenticated request expires too late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Outcome, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import has_stand_in
from ..oci_preauthenticated import REQUEST, access, bucket_of, days_left, expires

_DAYS: Final = "maximumDays"
_EXPIRES: Final = "timeExpires"
_YEAR: Final = 365


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    value, allowed = resource[_EXPIRES], context.settings[_DAYS]
    left = days_left(resource, context.run.today)
    if left is None:
        if value.unknown or has_stand_in(value.text or ""):
            yield undecided(_EXPIRES, "when the request expires is not known yet")
        elif not value.absent:
            message = "when the request expires cannot be read: it is no time of RFC 3339"
            yield Finding(path=_EXPIRES, message=message, outcome=Outcome.UNDECIDED)
    elif isinstance(allowed, int | float) and left > allowed:
        given = access(resource)
        moment = None if value.secret else expires(value)
        until = f" until {moment.date()}" if moment else " for long"
        narrow = given is not None and not given.every and not given.writes
        yield Finding(
            path=_EXPIRES,
            message=f"the URL opens {bucket_of(resource)}{until}, more than {allowed:g} days ahead",
            severity=Severity.LOW if narrow and left <= _YEAR else None,
        )


RULE = ResourceRule(
    id="oci-preauthenticated-request-long-lived",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.MEDIUM,
    title="A pre-authenticated request expires too late",
    why="A URL that was mailed, logged or kept in a browser opens the bucket until it expires; nobody is told who uses it.",
    fix="Set time_expires a few days ahead, such as (datetime.now(UTC) + timedelta(days=7)).isoformat(): each deployment then makes a new URL, and the old one ends.",
    covers=("PB-64",),
    # The Console proposes one week and Oracle names no limit: a month leaves room for what is exchanged monthly.
    settings={
        _DAYS: {
            "type": "integer",
            "minimum": 1,
            "default": 30,
            "description": "So many days ahead a pre-authenticated request may expire",
        }
    },
    types=(REQUEST,),
    check=check,
)
