"""A pre-authenticated request lets its holder overwrite an object."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..oci_buckets import shown
from ..oci_preauthenticated import REQUEST, access, bucket_of, is_over, object_name


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    given = access(resource)
    # What is said of requests for every object says that they write.
    if given is None or given.every or not given.writes or is_over(resource, context.run.today):
        return
    name = shown(object_name(resource))
    target = f"the object {name!r}" if name else "an object"
    yield Finding(
        path="accessType",
        message=f"whoever has the URL may {given.words} {target} of {bucket_of(resource)}, without signing in",
        witness={
            "principal": "whoever has the URL",
            "action": "PutObject",
            "resource": f"{shown(resource['bucket']) or resource.name}/{name or 'the-object'}",
            "context": {},
        },
    )


RULE = ResourceRule(
    id="oci-preauthenticated-request-may-write",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    title="A pre-authenticated request lets its holder overwrite an object",
    why="Nobody can tell who wrote: whoever the URL was passed on to puts what he likes in place of the object.",
    fix='Use access_type="ObjectRead" where the object is only fetched; take uploads in a bucket of their own, with versioning="Enabled".',
    covers=("PB-64",),
    types=(REQUEST,),
    check=check,
)
