"""Pre-authenticated requests of OCI Object Storage: what the holder of the URL may do, and until when.

Semantics: Oracle Cloud Infrastructure documentation, "Using Pre-Authenticated Requests", and the access types of
CreatePreauthenticatedRequest. The URL is all that its holder needs, and nobody is told who he is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from ..model import Resource, Value
from .oci_buckets import shown

REQUEST: Final = "oci:ObjectStorage/preauthrequest:Preauthrequest"
# The provider's documentation leaves out AnyObjectWrite, which the API has.
_PREFIXES: Final = ("object", "objectName")
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Access:
    """What a request lets its holder do: with `every` to each object that a prefix, or none, leaves in, else to one."""

    reads: bool
    writes: bool
    every: bool

    @property
    def words(self) -> str:
        """What the holder does, as a verb."""
        return "read and overwrite" if self.reads and self.writes else "overwrite" if self.writes else "read"


_ACCESS: Final[Mapping[str, Access]] = {
    "objectread": Access(reads=True, writes=False, every=False),
    "objectwrite": Access(reads=False, writes=True, every=False),
    "objectreadwrite": Access(reads=True, writes=True, every=False),
    "anyobjectread": Access(reads=True, writes=False, every=True),
    "anyobjectwrite": Access(reads=False, writes=True, every=True),
    "anyobjectreadwrite": Access(reads=True, writes=True, every=True),
}


def access(resource: Resource) -> Access | None:
    """What a request gives, whatever letters its type is written in; None where that is not known."""
    return _ACCESS.get((resource["accessType"].text or "").lower())


def object_name(resource: Resource) -> Value:
    """The name of the object, or the prefix of the names, that a request is for; absent for a whole bucket."""
    given = [value for key in _PREFIXES if not (value := resource[key]).absent and value.text != ""]
    return given[-1] if given else Value(None, _PREFIXES[-1:])


def bucket_of(resource: Resource) -> str:
    """The bucket, for a sentence."""
    name = shown(resource["bucket"])
    return f"bucket {name!r}" if name else "the bucket"


def expires(value: Value) -> datetime | None:
    """The moment that a text of RFC 3339 names, in any of its spellings; None for what is none, or not known."""
    read = _TIME.fullmatch(value.text or "")
    if read is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in read.groups()[:6])
    offset = timedelta(hours=int(read[8] or 0), minutes=int(read[9] or 0))
    try:
        zone = timezone(-offset if read[7] == "-" else offset)
        # A minute may have a leap second.
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except ValueError:
        return None


def days_left(resource: Resource, today: date) -> int | None:
    """The whole days from the begin of `today`, in UTC, until a request expires, below zero for one that has expired;
    None where that is not known."""
    moment = expires(resource["timeExpires"])
    return None if moment is None else (moment - datetime.combine(today, time(), tzinfo=UTC)).days


def is_over(resource: Resource, today: date) -> bool:
    """Whether a request is known to have expired, so that its URL opens nothing any more."""
    left = days_left(resource, today)
    return left is not None and left < 0
