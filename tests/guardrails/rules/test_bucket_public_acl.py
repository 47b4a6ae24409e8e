from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.private_buckets.bucket_public_acl import RULE
from policypack.guardrails.values import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
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
