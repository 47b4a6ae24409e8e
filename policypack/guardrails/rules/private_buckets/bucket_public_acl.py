"""An ACL opens a bucket or an object to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import Edit, ResourceRule, SetText
from ...values import may_be_anything

_TYPES: Final = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:s3/bucketAcl:BucketAcl",
    "aws:s3/bucketAclV2:BucketAclV2",
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
)
_CANNED: Final = {
    "public-read": "everyone may read",
    "public-read-write": "everyone may read and write",
    "authenticated-read": "everyone with an AWS account may read",
}
_GROUPS: Final = {
    "http://acs.amazonaws.com/groups/global/AllUsers": "everyone",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": "everyone with an AWS account",
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    acl = resource["acl"]
    if acl.unknown or may_be_anything(acl.text or ""):
        yield undecided("acl", "the canned ACL is not known yet")
    elif acl.text in _CANNED:
        writes = acl.text == "public-read-write"
        yield Finding(
            path="acl",
            message=f"the canned ACL {acl.text!r} means that {_CANNED[acl.text]}",
            severity=Severity.CRITICAL if writes else None,
            witness=_witness(resource, "s3:PutObject" if writes else "s3:GetObject", acl.text),
            fix='acl="private", or leave the ACL out and set aws.s3.BucketPublicAccessBlock with all four flags',
        )
    for grant in (*resource["grants"].elements(), *resource["accessControlPolicy"]["grants"].elements()):
        yield from _grant(resource, grant)


def _grant(resource: Resource, grant: Value) -> Iterator[Finding]:
    # Bucket and object grants name the group beside the permission, ACL resources inside `grantee`.
    grantee = grant if grant["grantee"].absent else grant["grantee"]
    uri = grantee["uri"]
    if uri.unknown or may_be_anything(uri.text or ""):
        yield undecided(uri.path, "the group that is granted access is not known yet")
        return
    who = _GROUPS.get(uri.text or "")
    if who is None:
        return
    permissions = [
        value.text or "a permission not known yet"
        for value in (*grant["permission"].elements(), *grant["permissions"].elements())
    ]
    writes = not {"WRITE", "WRITE_ACP", "FULL_CONTROL"}.isdisjoint(permissions)
    yield Finding(
        path=uri.path,
        message=f"a grant gives {who} {' and '.join(permissions) or 'access'}",
        severity=Severity.CRITICAL if writes else None,
        witness=_witness(resource, "s3:PutObject" if writes else "s3:GetObject", who),
        fix="Remove the grant; name the accounts or roles that need access in a bucket policy.",
    )


def _witness(resource: Resource, action: str, grant: str) -> dict[str, object]:
    name = resource["bucket"].text or resource.name
    account = "authenticated" in grant or "AWS account" in grant
    return {
        "principal": "any AWS account" if account else "anonymous",
        "action": action,
        "resource": f"arn:aws:s3:::{name}/{resource['key'].text or 'any-object'}",
        "context": {},
    }


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
    types=_TYPES,
    check=check,
    remediate=remediate,
)
