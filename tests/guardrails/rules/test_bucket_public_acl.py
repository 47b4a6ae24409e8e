import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Context, Resource, Secret
from policypack.guardrails.rules.private_buckets.bucket_public_acl import RULE
from policypack.guardrails.values import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
COPY = "aws:s3/objectCopy:ObjectCopy"
ACL = "aws:s3/bucketAcl:BucketAcl"
ALL = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOGS = "http://acs.amazonaws.com/groups/s3/LogDelivery"


def grants(uri: object, permission: str = "READ") -> dict[str, object]:
    return {"grants": [{"grantee": {"type": "Group", "uri": uri}, "permission": permission}]}


test_bucket_public_acl = table(
    RULE,
    [
        Case("fail", "read", R(BUCKET, acl="public-read"), [("violation", "acl", "high")]),
        Case("fail", "write", R(ACL, acl="public-read-write"), [("violation", "acl", "critical")]),
        Case(
            "fail",
            "authenticated",
            R("aws:s3/bucketV2:BucketV2", acl="authenticated-read"),
            [("violation", "acl", "high")],
        ),
        Case("fail", "secret-mark-hides-nothing", R(BUCKET, acl=Secret("public-read")), [("violation", "acl", "high")]),
        Case(
            "fail",
            "object",
            R("aws:s3/bucketObjectv2:BucketObjectv2", bucket="data", key="k", acl="public-read"),
            [("violation", "acl", "high")],
        ),
        Case(
            "fail",
            "grant-on-acl",
            R(ACL, accessControlPolicy=grants(ALL)),
            [("violation", "accessControlPolicy.grants[0].grantee.uri", "high")],
        ),
        Case(
            "fail",
            "grant-of-the-acl-itself",
            R(ACL, accessControlPolicy=grants(AUTHENTICATED, "WRITE_ACP")),
            [("violation", "accessControlPolicy.grants[0].grantee.uri", "critical")],
        ),
        Case(
            "fail",
            "grant-on-bucket",
            R(BUCKET, grants=[{"type": "Group", "uri": ALL, "permissions": ["READ", "WRITE"]}]),
            [("violation", "grants[0].uri", "critical")],
        ),
        Case(
            "fail",
            "second-of-two-grants",
            R(BUCKET, grants=[{"uri": LOGS, "permissions": ["WRITE"]}, {"uri": ALL, "permissions": ["READ"]}]),
            [("violation", "grants[1].uri", "high")],
        ),
        Case(
            "fail",
            "policy-as-a-list-of-one",
            R(ACL, accessControlPolicy=[grants(ALL)]),
            [("violation", "accessControlPolicy[0].grants[0].grantee.uri", "high")],
        ),
        Case(
            "fail",
            "group-called-a-user",
            R(BUCKET, grants=[{"type": "CanonicalUser", "uri": ALL, "permissions": ["READ"]}]),
            [("violation", "grants[0].uri", "high")],
        ),
        Case(
            "fail",
            "permission-not-known-yet",
            R(BUCKET, grants=[{"uri": ALL, "permissions": UNKNOWN}]),
            [("violation", "grants[0].uri", "high")],
        ),
        Case(
            "fail",
            "an-object-is-not-written-through-its-acl",
            R(OBJECT, acl="public-read-write"),
            [("violation", "acl", "high")],
        ),
        Case(
            "pass",
            "by-mail-address",
            R(
                ACL,
                accessControlPolicy={
                    "grants": [
                        {
                            "grantee": {"type": "AmazonCustomerByEmail", "emailAddress": "a@example.org"},
                            "permission": "READ",
                        }
                    ]
                },
            ),
        ),
        Case("pass", "private", R(BUCKET, acl="private")),
        Case("pass", "log-delivery", R(ACL, accessControlPolicy=grants(LOGS, "WRITE"))),
        Case(
            "pass",
            "one-account",
            R(BUCKET, grants=[{"id": "1234", "type": "CanonicalUser", "permissions": ["FULL_CONTROL"]}]),
        ),
        Case("undecided", "unknown-acl", R(BUCKET, acl=UNKNOWN), [("undecided", "acl")]),
        Case("undecided", "acl-from-missing-configuration", R(BUCKET, acl=ANYTHING), [("undecided", "acl")]),
        Case(
            "undecided",
            "unknown-group-beside-a-known-one",
            R(
                ACL,
                accessControlPolicy={
                    "grants": [
                        {"grantee": {"uri": UNKNOWN}, "permission": "READ"},
                        {"grantee": {"uri": ALL}, "permission": "READ"},
                    ]
                },
            ),
            [
                ("undecided", "accessControlPolicy.grants[0].grantee.uri"),
                ("violation", "accessControlPolicy.grants[1].grantee.uri"),
            ],
        ),
        Case("not-applicable", "no-acl", R(BUCKET, bucket="data")),
        Case("boundary", "canned-acls-are-case-sensitive", R(BUCKET, acl="Public-Read")),
        Case("boundary", "computed-text-is-no-canned-acl", R(BUCKET, acl=COMPUTED)),
        Case(
            "boundary",
            "grants-as-one-object",
            R(BUCKET, grants={"uri": ALL, "permissions": ["READ"]}),
            [("violation", "grants.uri", "high")],
        ),
    ],
)


@pytest.mark.parametrize(
    ("resource", "message", "request_"),
    [
        (
            R(BUCKET, bucket="data", acl="public-read"),
            "the canned ACL 'public-read' means that everyone may list the bucket",
            ("anonymous", "s3:ListBucket", "arn:aws:s3:::data"),
        ),
        (
            R(ACL, bucket="data", acl="public-read-write"),
            "the canned ACL 'public-read-write' means that everyone may list the bucket and write objects into the bucket",
            ("anonymous", "s3:PutObject", "arn:aws:s3:::data/any-object"),
        ),
        (
            R(OBJECT, bucket="data", key="k", acl="authenticated-read"),
            "the canned ACL 'authenticated-read' means that everyone with an AWS account may read the object",
            ("any AWS account", "s3:GetObject", "arn:aws:s3:::data/k"),
        ),
        (
            R(OBJECT, bucket=Secret("hidden-bucket"), key=Secret("hidden-key"), acl="public-read"),
            "the canned ACL 'public-read' means that everyone may read the object",
            ("anonymous", "s3:GetObject", "arn:aws:s3:::r/any-object"),
        ),
        *(
            (
                R(ACL, bucket="data", accessControlPolicy=grants(AUTHENTICATED, permission)),
                f"the grant means that everyone with an AWS account may {words}",
                ("any AWS account", action, target),
            )
            for permission, words, action, target in [
                ("READ_ACP", "read the bucket's ACL", "s3:GetBucketAcl", "arn:aws:s3:::data"),
                ("READ", "list the bucket", "s3:ListBucket", "arn:aws:s3:::data"),
                ("WRITE", "write objects into the bucket", "s3:PutObject", "arn:aws:s3:::data/any-object"),
                ("WRITE_ACP", "change the bucket's ACL", "s3:PutBucketAcl", "arn:aws:s3:::data"),
                (
                    "FULL_CONTROL",
                    "list the bucket, write objects into it and change its ACL",
                    "s3:PutBucketAcl",
                    "arn:aws:s3:::data",
                ),
            ]
        ),
        *(
            (
                R(COPY, bucket="data", key="k", grants=[{"uri": ALL, "permissions": [permission]}]),
                f"the grant means that everyone may {words}",
                ("anonymous", action, "arn:aws:s3:::data/k"),
            )
            for permission, words, action in [
                ("READ_ACP", "read the object's ACL", "s3:GetObjectAcl"),
                ("READ", "read the object", "s3:GetObject"),
                ("WRITE_ACP", "change the object's ACL", "s3:PutObjectAcl"),
                ("FULL_CONTROL", "read the object and change its ACL", "s3:PutObjectAcl"),
            ]
        ),
    ],
)
def test_the_witness_is_what_the_acl_allows(resource: Resource, message: str, request_: tuple[str, str, str]) -> None:
    (finding,) = RULE.check(resource, Context())
    principal, action, target = request_
    assert finding.message == message
    assert finding.witness == {"principal": principal, "action": action, "resource": target, "context": {}}


def test_a_permission_that_is_not_known_has_no_witness() -> None:
    (finding,) = RULE.check(R(BUCKET, grants=[{"uri": ALL, "permissions": UNKNOWN}]), Context())
    assert finding.witness is None
    assert finding.message == "the grant means that everyone may have access of a kind that is not known"
