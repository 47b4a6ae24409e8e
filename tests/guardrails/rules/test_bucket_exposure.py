"""What a block makes of an opening, and what is said where nothing is open."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, Client, R, analyze_request, stack_request, table

from policypack.guardrails.model import Context, Resource, Secret, Stack
from policypack.guardrails.rules.private_buckets import (
    access_block_incomplete,
    bucket_opening_behind_block,
    bucket_public_acl,
    bucket_public_policy,
    bucket_without_access_block,
)
from policypack.guardrails.values import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
V2 = "aws:s3/bucketV2:BucketV2"
NATIVE = "aws-native:s3:Bucket"
DIRECTORY = "aws:s3/directoryBucket:DirectoryBucket"
ACL = "aws:s3/bucketAcl:BucketAcl"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
ALL = "http://acs.amazonaws.com/groups/global/AllUsers"

REFUSING = {"blockPublicAcls": True, "blockPublicPolicy": True}
CLOSED = {**REFUSING, "ignorePublicAcls": True, "restrictPublicBuckets": True}
OFF = dict.fromkeys(CLOSED, False)
AT = "policy.Statement[0].Principal"


def policy(*, bucket: object = "data", principal: object = "*", **condition: object) -> Resource:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::data/*",
        "Condition": condition,
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return R(POLICY, "policy", bucket=bucket, policy=json.dumps(document))


def block(**flags: object) -> Resource:
    return R(BLOCK, "block", bucket="data", **flags)


def account(**flags: object) -> Resource:
    return R(ACCOUNT, "account", **flags)


READ = R(ACL, "acl", bucket="data", acl="public-read")
DATA = R(BUCKET, "data", bucket="data")

test_bucket_opening_behind_block = table(
    bucket_opening_behind_block.RULE,
    [
        Case("fail", "acl", [READ, block(**CLOSED)], [("violation", "acl", "medium")]),
        Case("fail", "acl-ignored", [READ, block(ignorePublicAcls=True)], [("violation", "acl", "medium")]),
        Case("fail", "policy", [policy(), block(**CLOSED)], [("violation", AT, "medium")]),
        Case("fail", "policy-restricted", [policy(), block(restrictPublicBuckets=True)], [("violation", AT, "medium")]),
        Case("fail", "account", [policy(), account(**CLOSED)], [("violation", AT, "medium")]),
        Case(
            "fail",
            "each-flag-from-another-block",
            [READ, block(**REFUSING), account(ignorePublicAcls=True)],
            [("violation", "acl", "medium")],
        ),
        Case(
            "fail",
            "acls-are-off",
            [
                R(OBJECT, "o", bucket="data", key="k", acl="public-read"),
                R(OWNERSHIP, bucket="data", rule={"objectOwnership": "BucketOwnerEnforced"}),
            ],
            [("violation", "acl", "medium")],
        ),
        Case(
            "fail",
            "native",
            R(NATIVE, accessControl="PublicRead", publicAccessBlockConfiguration=CLOSED),
            [("violation", "accessControl", "medium")],
        ),
        Case("pass", "no-block", [READ, policy()]),
        Case("pass", "refused-only", [READ, policy(), block(**REFUSING)]),
        Case("pass", "nothing-is-open", [policy(principal={"AWS": "402918573664"}), block(**CLOSED)]),
        # Whether anything is behind the block is said by the rules on what is open.
        Case("undecided", "flag-not-known-yet", [policy(), block(restrictPublicBuckets=UNKNOWN)]),
        Case("undecided", "opening-not-known-yet", [R(ACL, bucket="data", acl=UNKNOWN), block(**CLOSED)]),
        Case("not-applicable", "no-opening", [DATA, block(**CLOSED)]),
        Case("boundary", "each-flag-is-for-one-kind", [READ, block(restrictPublicBuckets=True, blockPublicAcls=True)]),
        Case("boundary", "the-block-of-another-bucket", [policy(bucket="other"), block(**CLOSED)]),
        Case("boundary", "directory", policy(bucket="data--euw1-az1--x-s3"), [("violation", AT, "low")]),
    ],
)

test_a_policy_beside_a_block = table(
    bucket_public_policy.RULE,
    [
        Case("fail", "refused-only", [policy(), block(**REFUSING)], [("violation", AT, "critical")]),
        Case("fail", "all-off", [policy(), block(**OFF)], [("violation", AT)]),
        Case("fail", "acls-only", [policy(), block(blockPublicAcls=True, ignorePublicAcls=True)], [("violation", AT)]),
        Case("fail", "account-off", [policy(), account(**OFF)], [("violation", AT)]),
        Case("fail", "block-of-another-bucket", [policy(bucket="other"), block(**CLOSED)], [("violation", AT)]),
        Case(
            "fail",
            "legacy-policy-of-the-bucket",
            R(V2, bucket="data", policy=policy().properties["policy"]),
            [("violation", AT)],
        ),
        Case("pass", "restricted", [policy(), block(restrictPublicBuckets=True)]),
        Case("pass", "restricted-for-the-account", [policy(), block(**OFF), account(restrictPublicBuckets=True)]),
        Case("undecided", "flag-not-known-yet", [policy(), block(restrictPublicBuckets=UNKNOWN)], [("undecided", AT)]),
        Case(
            "undecided",
            "flag-from-missing-configuration",
            [policy(), block(restrictPublicBuckets=ANYTHING)],
            [("undecided", AT)],
        ),
        Case(
            "undecided",
            "a-block-whose-bucket-is-not-known-yet",
            [policy(), R(BLOCK, bucket=UNKNOWN, **CLOSED)],
            [("undecided", AT)],
        ),
        Case(
            "boundary",
            "both-are-unknown",
            [policy(bucket=UNKNOWN), R(BLOCK, bucket=UNKNOWN, **CLOSED)],
            [("undecided", AT)],
        ),
    ],
    without={"not-applicable": "the rule's own table has them"},
)

test_bucket_without_access_block = table(
    bucket_without_access_block.RULE,
    [
        Case("fail", "plain", DATA, [("violation", "", "low")]),
        Case("fail", "v2-and-native", [R(V2), R(NATIVE)], [("violation", "")] * 2),
        Case("fail", "block-of-another-bucket", [DATA, R(BLOCK, bucket="other", **CLOSED)], [("violation", "")]),
        Case("fail", "account-off", [DATA, account(**OFF)], [("violation", "")]),
        Case(
            "fail",
            "one-of-a-loop",
            [
                R(BUCKET, "one"),
                R(BUCKET, "two"),
                R(BLOCK, bucket=UNKNOWN, deps={"bucket": [f"{BUCKET}::one"]}, **CLOSED),
            ],
            [("violation", "")],
        ),
        Case("pass", "block", [DATA, block(**CLOSED)]),
        Case("pass", "account", [DATA, account(**CLOSED)]),
        Case("pass", "native-inline", R(NATIVE, publicAccessBlockConfiguration=CLOSED)),
        # What may be the block is no finding: nothing is open.
        Case(
            "undecided",
            "block-of-one-of-two",
            [
                R(BUCKET, "one"),
                R(BUCKET, "two"),
                R(BLOCK, bucket=UNKNOWN, deps={"bucket": [f"{BUCKET}::one", f"{BUCKET}::two"]}, **CLOSED),
            ],
        ),
        Case("undecided", "block-of-nobody-knows-what", [DATA, R(BLOCK, bucket=UNKNOWN, **CLOSED)]),
        Case("undecided", "account-not-known-yet", [DATA, account(**dict.fromkeys(CLOSED, UNKNOWN))]),
        Case("not-applicable", "directory", R(DIRECTORY, bucket="data--euw1-az1--x-s3")),
        Case("not-applicable", "a-bucket-elsewhere", policy(principal={"AWS": "402918573664"})),
        Case("boundary", "an-open-bucket-has-its-own-finding", [DATA, READ]),
        Case("boundary", "a-block-with-flags-off-is-another-rule's", [DATA, block(**OFF)]),
    ],
)

test_access_block_incomplete = table(
    access_block_incomplete.RULE,
    [
        Case(
            "fail",
            "one-off",
            block(**{**CLOSED, "blockPublicPolicy": False}),
            [("violation", "blockPublicPolicy", "low")],
        ),
        Case("fail", "two-left-out", [DATA, block(**REFUSING)], [("violation", "ignorePublicAcls", "low")]),
        Case("fail", "all-left-out", [DATA, block()], [("violation", "blockPublicAcls", "low")]),
        Case(
            "fail",
            "text-and-secret",
            block(**{**CLOSED, "ignorePublicAcls": Secret("false")}),
            [("violation", "ignorePublicAcls", "low")],
        ),
        Case(
            "fail",
            "account",
            account(**{**CLOSED, "restrictPublicBuckets": False}),
            [("violation", "restrictPublicBuckets", "medium")],
        ),
        Case(
            "fail",
            "native-inline",
            R(NATIVE, publicAccessBlockConfiguration={**CLOSED, "ignorePublicAcls": False}),
            [("violation", "publicAccessBlockConfiguration.ignorePublicAcls", "low")],
        ),
        Case("pass", "all-on", [block(**CLOSED), account(**CLOSED)]),
        Case("pass", "native-all-on", R(NATIVE, publicAccessBlockConfiguration=CLOSED)),
        Case(
            "undecided", "unknown", block(**{**CLOSED, "blockPublicAcls": UNKNOWN}), [("undecided", "blockPublicAcls")]
        ),
        Case(
            "undecided",
            "from-missing-configuration",
            block(**{**CLOSED, "blockPublicAcls": ANYTHING}),
            [("undecided", "blockPublicAcls")],
        ),
        Case(
            "fail",
            "beside-an-acl-that-does-nothing-whatever-it-is",
            [DATA, block(ignorePublicAcls=True), R(ACL, bucket="data", acl=UNKNOWN)],
            [("violation", "blockPublicAcls", "low")],
        ),
        Case("not-applicable", "no-block", DATA),
        Case("boundary", "what-the-account-does-a-bucket-need-not", [DATA, block(**REFUSING), account(**CLOSED)]),
        Case("boundary", "an-open-bucket-has-its-own-finding", [DATA, READ, block(**OFF)]),
        Case(
            "boundary",
            "an-open-bucket-says-nothing-of-the-account",
            [DATA, READ, account(**OFF)],
            [("violation", "blockPublicAcls", "medium")],
        ),
    ],
)

RULES = (
    bucket_public_acl.RULE,
    bucket_public_policy.RULE,
    bucket_opening_behind_block.RULE,
    bucket_without_access_block.RULE,
    access_block_incomplete.RULE,
)


def said(*resources: Resource) -> Sequence[tuple[str, str]]:
    stack = Stack(resources)
    return [(rule.id, finding.message) for rule in RULES for finding in rule.check(stack, Context())]


OPENINGS = {
    "acl": (R(BUCKET, "data", bucket="data", acl="public-read"), {"ignorePublicAcls"}),
    "grant": (
        R(ACL, bucket="data", accessControlPolicy={"grants": [{"grantee": {"uri": ALL}, "permission": "READ"}]}),
        {"ignorePublicAcls"},
    ),
    "object": (R(OBJECT, bucket="data", key="k", acl="public-read"), {"ignorePublicAcls"}),
    "policy": (policy(), {"restrictPublicBuckets"}),
}


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("given", [True, False, UNKNOWN, None])
@pytest.mark.parametrize("flag", CLOSED)
def test_one_opening_is_one_finding_whatever_the_flags(opening: str, given: object, flag: str) -> None:
    resource, helping = OPENINGS[opening]
    found = [rule for rule, _ in said(resource, block(**{**REFUSING, flag: given}))]
    public = "bucket-public-policy" if opening == "policy" else "bucket-public-acl"
    assert found == ["bucket-opening-behind-block" if given is True and flag in helping else public]


def test_an_object_behind_an_access_point_is_shut_by_what_nobody_knows() -> None:
    access_point = "arn:aws:s3:eu-west-1:402918573664:accesspoint/front"
    for bucket in (access_point, "front-a1b2c3-s3alias"):
        ((rule, message),) = said(R(OBJECT, bucket=bucket, key="k", acl="public-read"))
        assert (rule, "the bucket behind the access point" in message) == ("bucket-public-acl", True)


def test_one_statement_without_a_list_lets_strangers_in_once() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}
    ((_, message),) = said(R(POLICY, bucket="data", policy={"Version": "2012-10-17", "Statement": statement}))
    assert "too" not in message


def test_one_name_in_two_partitions_is_two_buckets() -> None:
    here, there = (replace(R(BUCKET, each, bucket="data"), provider=f"urn:{each}") for each in ("here", "there"))
    shut = replace(block(**CLOSED), provider="urn:there", property_dependencies={"bucket": [there.urn]})
    opened = replace(policy(), provider="urn:here", property_dependencies={"bucket": [here.urn]})
    assert [rule for rule, _ in said(here, there, shut, opened)] == ["bucket-public-policy"]
    # Of buckets that are not here only the providers tell.
    assert [rule for rule, _ in said(shut, opened)] == ["bucket-public-policy"]


def test_many_buckets_of_one_name_are_not_joined() -> None:
    crowd = [R(BUCKET, f"b{number}", bucket="data") for number in range(20)]
    found = [rule for rule, _ in said(*crowd, block(**CLOSED), policy()) if rule != "bucket-without-access-block"]
    assert found == ["bucket-opening-behind-block"]


def test_what_keeps_strangers_out_is_named() -> None:
    ((rule, message),) = said(policy(), block(**CLOSED))
    assert rule == "bucket-opening-behind-block"
    assert message.endswith("may s3:GetObject on this bucket; only the public access block 'block' keeps them out")


def test_a_block_does_not_act_on_a_policy_that_s3_does_not_call_public() -> None:
    ((rule, message),) = said(policy(principal={"Federated": "accounts.google.com"}), block(**CLOSED))
    assert rule == "bucket-public-policy"
    assert message.endswith("block 'block' has no effect, as AWS does not count this policy as public")


@pytest.mark.parametrize("type_", [BUCKET, V2])
def test_what_a_provider_fills_in_opens_nothing(type_: str) -> None:
    client = Client(*RULES)
    inputs = R(type_, "data", bucket="data", tags={"of": "us"})
    computed = {"acl": UNKNOWN, "grants": UNKNOWN, "policy": UNKNOWN}
    for outputs in (
        computed,
        {"acl": COMPUTED, "grants": [{"uri": UNKNOWN, "permissions": UNKNOWN}], "policy": ""},
    ):
        client.stub.Analyze(analyze_request(inputs))
        client.stub.Analyze(analyze_request(block(**CLOSED)))
        client.stub.AnalyzeStack(stack_request([R(type_, "data", bucket="data", **outputs), block(**CLOSED)]))
        assert client.take() == []
    # The same outputs are in doubt where the program gave them.
    client.stub.Analyze(analyze_request(R(type_, "data", bucket="data", **computed)))
    client.stub.AnalyzeStack(stack_request([R(type_, "data", bucket="data", **computed)]))
    assert [(one["rule"], one["outcome"], one["path"]) for one in client.take()] == [
        ("bucket-public-acl", "undecided", "acl"),
        ("bucket-public-acl", "undecided", "grants"),
        ("bucket-public-policy", "undecided", "policy"),
    ]
