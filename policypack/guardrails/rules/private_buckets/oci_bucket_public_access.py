"""An Object Storage bucket can be read without signing in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Outcome, Severity, undecided
from ...model import Context, Resource
from ...rule import Edit, ResourceRule, SetText
from ...values import has_stand_in
from ..oci_buckets import BUCKET, shown, shown_name

_TYPE: Final = "accessType"
_PRIVATE: Final = "NoPublicAccess"
# What anonymous callers may do, and by which operations, for the access types that let them in. Source: the provider's
# documentation of the bucket; it takes them in any letters.
_OPEN: Final = {
    "objectread": ("anyone may list the bucket and read every object", ("ListObjects", "GetObject")),
    "objectreadwithoutlist": ("anyone who knows or guesses a name may read the object", ("GetObject",)),
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    access = resource[_TYPE]
    word = (access.text or "").lower()
    if access.unknown or has_stand_in(word):
        yield undecided(_TYPE, "the access type is not known yet")
    elif word in _OPEN:
        means, actions = _OPEN[word]
        name = shown_name(resource)
        yield Finding(
            path=_TYPE,
            message=f"with access type {access.text} {means}, without signing in",
            witness=[
                {
                    "principal": "anonymous",
                    "action": action,
                    "resource": name if action == "ListObjects" else f"{name}/any-object",
                    "context": {},
                }
                for action in actions
            ],
        )
    elif access.raw not in (None, "") and word != _PRIVATE.lower():
        # A later version of the service may know it.
        kind = f"{shown(access)!r} is" if shown(access) else "this is"
        yield Finding(
            path=_TYPE,
            message=f"{kind} no access type that is known, so whom it lets in cannot be told",
            fix=f'Set access_type="{_PRIVATE}", which lets in nobody who has not signed in.',
            outcome=Outcome.UNDECIDED,
        )


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    if (resource[_TYPE].text or "").lower() in _OPEN:
        yield SetText((_TYPE,), _PRIVATE)


RULE = ResourceRule(
    id="oci-bucket-public-access",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.HIGH,
    title="An Object Storage bucket is open to anonymous readers",
    why="A public bucket is read by scanners within hours; nothing in its log tells a stranger from a customer.",
    fix='Set access_type="NoPublicAccess"; hand out single objects by a pre-authenticated request with an expiry.',
    controls=("CIS-OCI-3.0.0:5.1.1",),
    covers=("PB-60",),
    types=(BUCKET,),
    check=check,
    remediate=remediate,
)
