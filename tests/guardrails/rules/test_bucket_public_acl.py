import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb
from rule_tables import ANYTHING, COMPUTED, Case, Client, R, analyze_request, struct, table

from policypack.guardrails.findings import Finding
from policypack.guardrails.model import Context, Resource, Secret, Stack
from policypack.guardrails.rules.private_buckets.bucket_public_acl import RULE
from policypack.guardrails.values import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
COPY = "aws:s3/objectCopy:ObjectCopy"
ACL = "aws:s3/bucketAcl:BucketAcl"
NATIVE = "aws-native:s3:Bucket"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
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
        Case(
            "fail", "native", R(NATIVE, accessControl="PublicReadWrite"), [("violation", "accessControl", "critical")]
        ),
        Case("fail", "v2-of-the-acl", R("aws:s3/bucketAclV2:BucketAclV2", acl="public-read"), [("violation", "acl")]),
        Case(
            "fail",
            "a-block-that-refuses-and-does-not-ignore",
            [
                R(ACL, bucket="data", acl="public-read"),
                R(BLOCK, bucket="data", blockPublicAcls=True, blockPublicPolicy=True, restrictPublicBuckets=True),
            ],
            [("violation", "acl", "high")],
        ),
        Case(
            "fail",
            "owner-preferred-leaves-acls-on",
            [
                R(BUCKET, "b", bucket="data", acl="public-read"),
                R(OWNERSHIP, bucket="data", rule={"objectOwnership": "BucketOwnerPreferred"}),
            ],
            [("violation", "acl", "high")],
        ),
        Case("pass", "private", R(BUCKET, acl="private")),
        Case("pass", "native-private", R(NATIVE, accessControl="LogDeliveryWrite")),
        Case(
            "pass",
            "acls-are-off",
            [
                R(BUCKET, "b", bucket="data", acl="public-read"),
                R(OBJECT, "o", bucket="data", key="k", acl="public-read"),
                R(OWNERSHIP, bucket="data", rule={"objectOwnership": "BucketOwnerEnforced"}),
            ],
        ),
        Case(
            "pass",
            "native-acls-are-off",
            R(
                NATIVE,
                accessControl="PublicRead",
                ownershipControls={"rules": [{"objectOwnership": "BucketOwnerEnforced"}]},
            ),
        ),
        Case(
            "undecided",
            "ownership-not-known-yet",
            [
                R(BUCKET, "b", bucket="data", acl="public-read"),
                R(OWNERSHIP, bucket="data", rule={"objectOwnership": ANYTHING}),
            ],
            [("undecided", "acl")],
        ),
        Case(
            "undecided",
            "ownership-of-this-bucket-or-another",
            [
                R(BUCKET, "a", acl="public-read"),
                R(BUCKET, "b"),
                R(
                    OWNERSHIP,
                    bucket=UNKNOWN,
                    rule={"objectOwnership": "BucketOwnerEnforced"},
                    deps={"bucket": [f"{BUCKET}::a", f"{BUCKET}::b"]},
                ),
            ],
            [("undecided", "acl")],
        ),
        Case("undecided", "unknown-native-acl", R(NATIVE, accessControl=UNKNOWN), [("undecided", "accessControl")]),
        Case("undecided", "unknown-grants", R(BUCKET, grants=UNKNOWN), [("undecided", "grants")]),
        Case(
            "undecided",
            "unknown-access-control-policy",
            R(ACL, accessControlPolicy=UNKNOWN),
            [("undecided", "accessControlPolicy.grants")],
        ),
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
        Case(
            "boundary",
            "each-provider-has-its-own-words",
            [R(NATIVE, accessControl="public-read"), R(ACL, acl="PublicRead")],
        ),
        Case("boundary", "directory-buckets-have-no-acls", R(ACL, bucket="data--euw1-az1--x-s3", acl="public-read")),
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
            ("anonymous", "s3:GetObject", "arn:aws:s3:::the-bucket/any-object"),
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
    finding = said_of(resource)
    principal, action, target = request_
    assert (
        finding.message
        == f"{message}; no public access block here stops it, though AWS may refuse the ACL when it is made"
    )
    assert finding.witness == {"principal": principal, "action": action, "resource": target, "context": {}}


def test_a_permission_that_is_not_known_has_no_witness() -> None:
    finding = said_of(R(BUCKET, grants=[{"uri": ALL, "permissions": UNKNOWN}]))
    assert finding.witness is None
    assert finding.message.startswith("the grant means that everyone may have access of a kind that is not known; ")


def said_of(*resources: Resource) -> Finding:
    (finding,) = RULE.check(Stack(resources), Context())
    return finding


def test_what_is_said_names_the_block_that_does_not_help_and_the_one_that_might() -> None:
    acl = R(ACL, bucket="data", acl="public-read")
    assert said_of(acl, R(BLOCK, "late", bucket="data", blockPublicAcls=True)).message == (
        "the canned ACL 'public-read' means that everyone may list the bucket; the public access block 'late' keeps new "
        "ACLs out, and not one that is there before it: set ignore_public_acls too"
    )
    assert said_of(acl, R(BLOCK, "maybe", bucket="data", ignorePublicAcls=UNKNOWN)).message == (
        "the canned ACL 'public-read' means that everyone may list the bucket; "
        "whether the public access block 'maybe' keeps them out is not known yet"
    )


def test_a_native_acl_is_mended_in_its_own_words() -> None:
    client = Client(RULE)
    request = pb.ConfigureAnalyzerRequest()
    request.policyConfig[RULE.id].enforcementLevel = pb.REMEDIATE
    client.stub.Configure(request)
    (remediation,) = client.stub.Remediate(analyze_request(R(NATIVE, accessControl="PublicRead", tags=[]))).remediations
    assert remediation.properties == struct({"accessControl": "Private", "tags": []})
