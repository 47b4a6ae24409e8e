"""What ACLs of buckets and objects let strangers do.

Permissions on a bucket do not reach into its objects, and WRITE means nothing on an object (Amazon S3 User Guide,
"Access control list (ACL) overview").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..aws.truth import Truth
from ..findings import Finding, Severity, undecided
from ..model import Resource, Stack, Value
from .access_blocks import Flag, acls_are_off, either, flag, one_of
from .buckets import GENERAL_PURPOSE, NATIVE, PARTS, Bucket, Buckets, Part, buckets
from .openings import Opening

OBJECTS: Final = PARTS[Part.OBJECT]
ACL_TYPES: Final = (*GENERAL_PURPOSE, *PARTS[Part.ACL], *OBJECTS)
# What a permission allows, from the weakest to the strongest: the action, and in words.
_ON_BUCKET: Final = {
    "READ_ACP": ("s3:GetBucketAcl", "read the bucket's ACL"),
    "READ": ("s3:ListBucket", "list the bucket"),
    "WRITE": ("s3:PutObject", "write objects into the bucket"),
    "WRITE_ACP": ("s3:PutBucketAcl", "change the bucket's ACL"),
    "FULL_CONTROL": ("s3:PutBucketAcl", "list the bucket, write objects into it and change its ACL"),
}
_ON_OBJECT: Final = {
    "READ_ACP": ("s3:GetObjectAcl", "read the object's ACL"),
    "READ": ("s3:GetObject", "read the object"),
    "WRITE_ACP": ("s3:PutObjectAcl", "change the object's ACL"),
    "FULL_CONTROL": ("s3:PutObjectAcl", "read the object and change its ACL"),
}
_OF_OBJECTS: Final = frozenset({"s3:PutObject", "s3:GetObject", "s3:GetObjectAcl", "s3:PutObjectAcl"})
_CRITICAL: Final = frozenset({"WRITE", "WRITE_ACP", "FULL_CONTROL"})
_EVERYONE: Final = "everyone"
_ANY_ACCOUNT: Final = "everyone with an AWS account"
_CANNED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "public-read": (_EVERYONE, ("READ",)),
    "public-read-write": (_EVERYONE, ("READ", "WRITE")),
    "authenticated-read": (_ANY_ACCOUNT, ("READ",)),
}
# CloudFormation writes them in another way.
_NATIVE_CANNED: Final = {
    "PublicRead": "public-read",
    "PublicReadWrite": "public-read-write",
    "AuthenticatedRead": "authenticated-read",
}
_GROUPS: Final = {
    "http://acs.amazonaws.com/groups/global/AllUsers": _EVERYONE,
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": _ANY_ACCOUNT,
}


# Block settings refuse what comes after them; only those that ignore and restrict act on what is there.
_REFUSED: Final = "{} keeps new ACLs out, and not one that is there before it: set ignore_public_acls too"
_UNBLOCKED: Final = "no public access block here stops it, though AWS may refuse the ACL when it is made"


def acl_openings(stack: Stack) -> Sequence[Opening]:
    """The ACLs of a stack that let strangers in, or may."""
    return stack.remember("acl openings", lambda: tuple(_openings(stack)))


def _openings(stack: Stack) -> Iterator[Opening]:
    found = buckets(stack)
    for bucket in found.all:
        if bucket.resource is not None and bucket.resource.type in GENERAL_PURPOSE:
            yield from _of_resource(found, bucket.resource, (bucket,))
    for part in stack.of_type((*PARTS[Part.ACL], *OBJECTS)):
        yield from _of_resource(found, part, tuple(found.of(part)))


def _of_resource(found: Buckets, resource: Resource, owners: tuple[Bucket, ...]) -> Iterator[Opening]:
    for finding in _findings(resource, owners[0]):
        held = one_of([either(flag(found, each, Flag.IGNORE_ACLS), acls_are_off(each)) for each in owners])
        refused = one_of([flag(found, each, Flag.BLOCK_ACLS) for each in owners])
        beside = _REFUSED.format(refused.by) if refused.truth is Truth.YES else _UNBLOCKED
        yield Opening(resource, owners, replace(finding, urn=resource.urn), held, beside)


def _findings(resource: Resource, bucket: Bucket) -> Iterator[Finding]:
    key = canned_key(resource)
    if resource.gave(key):
        yield from _canned(resource, bucket, resource[key])
    granted = [resource["grants"]] if resource.gave("grants") else []
    if resource.gave("accessControlPolicy"):
        policies = list(resource["accessControlPolicy"].elements())
        granted += [each if each.text else each["grants"] for each in policies]
    for grants in granted:
        for grant in [grants] if grants.unknown else grants.elements():
            if grant.is_open:
                yield undecided(grant.path, "whom the ACL grants access is not known yet")
            else:
                yield from _grant(resource, bucket, grant)


def canned_key(resource: Resource) -> str:
    """The property that holds the canned ACL."""
    return "accessControl" if resource.type == NATIVE else "acl"


def canned(resource: Resource) -> str:
    """The canned ACL of a resource as S3 names it, where it is one for strangers; else empty."""
    text = resource[canned_key(resource)].text or ""
    name = _NATIVE_CANNED.get(text, "") if resource.type == NATIVE else text
    return name if name in _CANNED else ""


def _canned(resource: Resource, bucket: Bucket, acl: Value) -> Iterator[Finding]:
    if acl.is_open:
        yield undecided(acl.path, "the canned ACL is not known yet")
    elif name := canned(resource):
        yield replace(
            _open(resource, bucket, acl, _CANNED[name], f"the canned ACL {acl.text!r}"),
            fix=f"{_private(resource)} and set aws.s3.BucketPublicAccessBlock with all four flags",
        )


def _private(resource: Resource) -> str:
    """How to take a canned ACL back: where ACLs are off, as they are by default, AWS takes none."""
    if resource.type in OBJECTS:
        return "Leave acl out"
    if resource.type in PARTS[Part.ACL]:
        return 'Leave the ACL out, or acl="private",'
    private = 'access_control="Private"' if resource.type == NATIVE else 'acl="private"'
    return f"{private}, or leave it out,"


def _grant(resource: Resource, bucket: Bucket, grant: Value) -> Iterator[Finding]:
    # Bucket and object grants name the group beside the permission, ACL resources inside `grantee`.
    for grantee in (grant,) if grant["grantee"].absent else grant["grantee"].elements():
        uri = grantee["uri"]
        if uri.is_open:
            yield undecided(uri.path, "the group that is granted access is not known yet")
        elif uri.text in _GROUPS:
            permissions = [
                value.text or "" for value in (*grant["permission"].elements(), *grant["permissions"].elements())
            ]
            yield _open(resource, bucket, uri, (_GROUPS[uri.text], permissions), "the grant")


def _open(resource: Resource, bucket: Bucket, place: Value, granted: tuple[str, Sequence[str]], what: str) -> Finding:
    who, permissions = granted
    meanings = _ON_OBJECT if resource.type in OBJECTS else _ON_BUCKET
    allowed = [permission for permission in meanings if permission in permissions]
    strongest = allowed[-1] if allowed else None
    if strongest == "FULL_CONTROL":
        allowed = allowed[-1:]
    words = " and ".join(meanings[permission][1] for permission in allowed) or "have access of a kind that is not known"
    return Finding(
        path=place.path,
        message=f"{what} means that {who} may {words}",
        severity=Severity.CRITICAL if strongest in _CRITICAL else Severity.HIGH,
        witness=_witness(resource, bucket, who, meanings[strongest][0]) if strongest else None,
        fix="Remove the grant; name the accounts or roles that need access in a bucket policy.",
    )


def _witness(resource: Resource, bucket: Bucket, who: str, action: str) -> dict[str, object]:
    target = f"arn:aws:s3:::{bucket.name}"
    if action in _OF_OBJECTS:
        key = resource["key"]
        # An object without a key is called by the name of its resource.
        name = resource.name if key.absent and resource.type in OBJECTS else None if key.secret else key.text
        target += f"/{name or 'any-object'}"
    return {
        "principal": "any AWS account" if who == _ANY_ACCOUNT else "anonymous",
        "action": action,
        "resource": target,
        "context": {},
    }
