"""A pre-authenticated request opens more than one object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Outcome, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import has_stand_in
from ..oci_buckets import shown
from ..oci_preauthenticated import REQUEST, Access, access, bucket_of, is_over, object_name

_LISTS: Final = "listobjects"
_FOR_WRITERS: Final = (
    'Take uploads by a request for each object: access_type="ObjectWrite", object_name="NAME", with a near '
    'time_expires. Where objects are only fetched, use access_type="AnyObjectRead", object_name="PREFIX/".'
)
_SEVERITIES: Final = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if is_over(resource, context.run.today):
        return
    kind, given = resource["accessType"], access(resource)
    if given is None:
        if kind.unknown or has_stand_in(kind.text or ""):
            yield undecided(kind.path, "the access type is not known yet")
        elif not kind.absent:
            # A later version of the service may know it.
            known = f"{shown(kind)!r} is" if shown(kind) else "this is"
            yield Finding(
                path=kind.path,
                message=f"{known} no access type that is known, so what it opens cannot be told",
                outcome=Outcome.UNDECIDED,
            )
    elif given.every:
        yield from _of_several(resource, given)


def _of_several(resource: Resource, given: Access) -> Iterator[Finding]:
    prefix, listing = object_name(resource), resource["bucketListingAction"]
    lists = (listing.text or "").lower() == _LISTS
    if given.writes or prefix.absent or lists:
        yield _finding(resource, given)
    # To read below a prefix, without a list of what there is, is as narrow as a request for several objects can be.
    elif prefix.is_open:
        yield undecided(prefix.path, "below which prefix the URL opens the objects is not known yet")
    elif listing.is_open:
        yield undecided(listing.path, "whether the holder of the URL may list the objects is not known yet")


def _finding(resource: Resource, given: Access) -> Finding:
    prefix, listing = object_name(resource), resource["bucketListingAction"]
    lists = (listing.text or "").lower() == _LISTS
    beyond = lists or (given.reads and given.writes)
    name = shown(prefix)
    # A prefix that is not known yet may still be one.
    objects = "every object"
    if not prefix.absent:
        objects += f" whose name begins with {name!r}" if name else " whose name begins with the prefix"
    also = ", and list them" if lists else ", and perhaps list them" if listing.is_open else ""
    action = "GetObject" if given.reads else "PutObject"
    return Finding(
        path="accessType",
        message=f"whoever has the URL may {given.words} {objects} of {bucket_of(resource)}{also}, without signing in",
        fix=_FOR_WRITERS if given.writes else "",
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
    fix='Make a request for each object: access_type="ObjectRead", object_name="NAME", with a near time_expires. For many, let it read below a prefix of their own and list nothing: access_type="AnyObjectRead", object_name="PREFIX/", bucket_listing_action="Deny".',
    covers=("PB-64",),
    types=(REQUEST,),
    check=check,
)
