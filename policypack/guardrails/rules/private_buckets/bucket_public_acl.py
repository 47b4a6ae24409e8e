"""An ACL opens a bucket or an object to everyone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import Edit, ResourceRule, SetText
from ...values import may_be_anything

_BUCKETS: Final = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/bucketAcl:BucketAcl",
    "aws:s3/bucketAclV2:BucketAclV2",
)
_OBJECTS: Final = (
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
)
# What a permission of an ACL allows, from the weakest to the strongest: the action, and in words. Permissions on a
# bucket do not reach into its objects, and WRITE means nothing on an object (Amazon S3 User Guide, "Access control
# list (ACL) overview").
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
_CRITICAL: Final = frozenset({"WRITE", "WRITE_ACP", "FULL_CONTROL"})
_EVERYONE: Final = "everyone"
_ANY_ACCOUNT: Final = "everyone with an AWS account"
_CANNED: Final = {
    "public-read": (_EVERYONE, ("READ",)),
    "public-read-write": (_EVERYONE, ("READ", "WRITE")),
    "authenticated-read": (_ANY_ACCOUNT, ("READ",)),
}
_GROUPS: Final = {
    "http://acs.amazonaws.com/groups/global/AllUsers": _EVERYONE,
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": _ANY_ACCOUNT,
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    acl = resource["acl"]
    if acl.unknown or may_be_anything(acl.text or ""):
        yield undecided("acl", "the canned ACL is not known yet")
    elif acl.text in _CANNED:
        who, permissions = _CANNED[acl.text]
        yield replace(
            _open(resource, acl, who, permissions, f"the canned ACL {acl.text!r}"),
            fix='acl="private", or leave the ACL out and set aws.s3.BucketPublicAccessBlock with all four flags',
        )
    for grant in resource["grants"].elements():
        yield from _grant(resource, grant)
    for policy in resource["accessControlPolicy"].elements():
        for grant in policy["grants"].elements():
            yield from _grant(resource, grant)


def _grant(resource: Resource, grant: Value) -> Iterator[Finding]:
    # Bucket and object grants name the group beside the permission, ACL resources inside `grantee`.
    for grantee in (grant,) if grant["grantee"].absent else grant["grantee"].elements():
        uri = grantee["uri"]
        if uri.unknown or may_be_anything(uri.text or ""):
            yield undecided(uri.path, "the group that is granted access is not known yet")
        elif uri.text in _GROUPS:
            permissions = [
                value.text or "" for value in (*grant["permission"].elements(), *grant["permissions"].elements())
            ]
            yield _open(resource, uri, _GROUPS[uri.text], permissions, "the grant")


def _open(resource: Resource, place: Value, who: str, permissions: Sequence[str], what: str) -> Finding:
    meanings = _ON_OBJECT if resource.type in _OBJECTS else _ON_BUCKET
    allowed = [permission for permission in meanings if permission in permissions]
    strongest = allowed[-1] if allowed else None
    if strongest == "FULL_CONTROL":
        allowed = allowed[-1:]
    words = " and ".join(meanings[permission][1] for permission in allowed) or "have access of a kind that is not known"
    return Finding(
        path=place.path,
        message=f"{what} means that {who} may {words}",
        severity=Severity.CRITICAL if strongest in _CRITICAL else None,
        witness=_witness(resource, who, meanings[strongest][0]) if strongest else None,
        fix="Remove the grant; name the accounts or roles that need access in a bucket policy.",
    )


def _witness(resource: Resource, who: str, action: str) -> dict[str, object]:
    target = f"arn:aws:s3:::{_shown(resource['bucket']) or resource.name}"
    if action in ("s3:PutObject", "s3:GetObject", "s3:GetObjectAcl", "s3:PutObjectAcl"):
        target += f"/{_shown(resource['key']) or 'any-object'}"
    return {
        "principal": "any AWS account" if who == _ANY_ACCOUNT else "anonymous",
        "action": action,
        "resource": target,
        "context": {},
    }


def _shown(value: Value) -> str | None:
    """The text of a name that may be shown."""
    return None if value.secret else value.text


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    if resource["acl"].text in _CANNED:
        yield SetText(("acl",), "private")


RULE = ResourceRule(
    id="bucket-public-acl",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.HIGH,
    title="An ACL opens a bucket or its objects to everyone",
    why="An ACL for everyone is one changed default or one removed access block away from publishing the data.",
    fix='Set the ACL to "private" and grant access by policy to those who need it.',
    controls=("FSBP-1.0.0:S3.2", "FSBP-1.0.0:S3.3", "CIS-AWS-3.0.0:2.1.4"),
    types=(*_BUCKETS, *_OBJECTS),
    check=check,
    remediate=remediate,
)
