"""An Object Storage bucket can be read without signing in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import may_be_anything

_OPEN: Final = {
    "objectread": "anyone may list the bucket and read every object",
    "objectreadwithoutlist": "anyone who knows or guesses a name may read the object",
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    access = resource["accessType"]
    if access.unknown or may_be_anything(access.text or ""):
        yield undecided("accessType", "the access type is not known yet")
    elif (meaning := _OPEN.get((access.text or "").lower())) is not None:
        name = resource["name"]
        shown = resource.name if name.secret else name.text or resource.name
        yield Finding(
            path="accessType",
            message=f"with access type {access.text} {meaning}, without signing in",
            witness={"principal": "anonymous", "action": "GetObject", "resource": f"{shown}/any-object", "context": {}},
        )


RULE = ResourceRule(
    id="oci-bucket-public-access",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.HIGH,
    title="An Object Storage bucket is open to anonymous readers",
    why="A public bucket is read by scanners within hours; nothing in its log tells a stranger from a customer.",
    fix='Set access_type="NoPublicAccess"; hand out single objects by a pre-authenticated request with an expiry.',
    controls=("CIS-OCI-3.0.0:5.1.1",),
    types=("oci:ObjectStorage/bucket:Bucket",),
    check=check,
)
