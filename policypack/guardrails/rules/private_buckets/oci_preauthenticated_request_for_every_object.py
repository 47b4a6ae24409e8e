"""A pre-authenticated request opens more than one object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import has_stand_in
from ..oci_buckets import shown
from ..oci_preauthenticated import REQUEST, Access, access, bucket_of, is_over, object_name

_SEVERITIES: Final = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if is_over(resource, context.run.today):
        return
    kind, given = resource["accessType"], access(resource)
    if given is None:
        if kind.unknown or has_stand_in(kind.text or ""):
            yield undecided(kind.path, "the access type is not known yet")
        elif not kind.absent:
            yield undecided(kind.path, "this access type is none that is known, so what it opens cannot be told")
    elif given.every:
        yield _finding(resource, given)


def _finding(resource: Resource, given: Access) -> Finding:
    prefix, listing = object_name(resource), resource["bucketListingAction"]
    lists = (listing.text or "").lower() == "listobjects"
    beyond = lists or (given.reads and given.writes)
    name = shown(prefix)
    # A prefix that is not known yet may still be one.
    objects = "every object"
    if not prefix.absent:
        objects += f" whose name begins with {name!r}" if name else " whose name begins with the prefix"
    also = ", and list them" if lists else ", and list them, as far as is known," if listing.unknown else ""
    action = "GetObject" if given.reads else "PutObject"
    return Finding(
        path="accessType",
        message=f"whoever has the URL may {given.words} {objects} of {bucket_of(resource)}{also}, without signing in",
        severity=_SEVERITIES[prefix.absent + beyond],
        witness={
            "principal": "whoever has the URL",
            "action": "ListObjects" if lists else action,
            "resource": f"{shown(resource['bucket']) or resource.name}/{name}any-object",
            "context": {},
        },
    )


RULE = ResourceRule(
    id="oci-preauthenticated-request-for-every-object",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.HIGH,
    title="A pre-authenticated request opens every object of a bucket or prefix",
    why="The URL needs no account and is passed on by a copy; it opens what is put there later too, until it expires.",
    fix='Make a request for each object: access_type="ObjectRead", object_name="NAME", with a near time_expires. For many objects, use a prefix of their own and leave bucket_listing_action at "Deny".',
    covers=("PB-64",),
    types=(REQUEST,),
    check=check,
)
