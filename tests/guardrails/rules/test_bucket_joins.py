"""Which bucket a block, an ACL or a policy belongs to, and what an account's block says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from rule_tables import ANYTHING, COMPUTED, R

from policypack.guardrails.aws.truth import Truth
from policypack.guardrails.model import Resource, Secret, Stack
from policypack.guardrails.rules.access_blocks import Flag, Held, flag
from policypack.guardrails.rules.buckets import buckets
from policypack.guardrails.values import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
V2 = "aws:s3/bucketV2:BucketV2"
NATIVE = "aws-native:s3:Bucket"
DIRECTORY = "aws:s3/directoryBucket:DirectoryBucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
DATA = "arn:aws:s3:::data"


def block(name: str = "block", /, type_: str = BLOCK, *, of: Sequence[str] = (), **properties: object) -> Resource:
    """A block that restricts, of the buckets `of` as far as the engine tells, of which nothing else is known."""
    properties = {"bucket": UNKNOWN, "restrictPublicBuckets": True, **properties}
    return R(type_, name, deps={"bucket": of} if of else None, **properties)


def held(*resources: Resource) -> Mapping[str, Held]:
    """What restricts each bucket of the stack, by the bucket's name."""
    found = buckets(Stack(resources))
    return {each.name: flag(found, each, Flag.RESTRICT) for each in found.all}


YES, NO, MAYBE = Truth.YES, Truth.NO, Truth.MAYBE


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        pytest.param([R(BUCKET, "one"), block(of=[f"{BUCKET}::one"])], {"one": YES}, id="computed-from-one"),
        pytest.param(
            [R(BUCKET, "one"), R(BUCKET, "two"), block(of=[f"{BUCKET}::one", f"{BUCKET}::two"])],
            {"one": MAYBE, "two": MAYBE},
            id="computed-from-several",
        ),
        pytest.param(
            [
                R(BUCKET, "one", bucket="data"),
                R(BUCKET, "later"),
                R(BUCKET, "alike", bucket=UNKNOWN, deps={"bucket": ["pulumi:pulumi:StackReference::s"]}),
                R("pulumi:pulumi:StackReference", "s"),
                block(of=["pulumi:pulumi:StackReference::s"]),
            ],
            {"data": NO, "later": NO, "alike": YES},
            id="computed-from-something-else",
        ),
        pytest.param(
            [
                R(BUCKET, "one"),
                R("aws:s3/bucketVersioning:BucketVersioning", "v", bucket=UNKNOWN, deps={"bucket": [f"{BUCKET}::one"]}),
                block(of=["aws:s3/bucketVersioning:BucketVersioning::v"]),
            ],
            {"one": YES},
            id="through-another-part",
        ),
        pytest.param(
            [R(BUCKET, "one", bucket="data"), R(BUCKET, "later", bucket=f"later-{COMPUTED}"), block()],
            {"data": MAYBE, f"later-{COMPUTED}": NO},
            id="nothing-is-known-of-its-bucket",
        ),
        pytest.param(
            [R(BUCKET, "one"), block("stray"), block(of=[f"{BUCKET}::one"], restrictPublicBuckets=False)],
            {"one": NO},
            id="one-block-of-its-own-rules-out-another",
        ),
        pytest.param(
            [
                *(R(BUCKET, each) for each in ("a", "b", "c")),
                *(block(each, of=[f"{BUCKET}::{each}"], restrictPublicBuckets=each != "b") for each in ("a", "b", "c")),
            ],
            {"a": YES, "b": NO, "c": YES},
            id="a-loop",
        ),
        pytest.param(
            [R(BUCKET, "same"), R(V2, "same", bucket="v2"), block(of=[f"{V2}::same"])],
            {"same": NO, "v2": YES},
            id="one-name-for-two-types",
        ),
        *(
            pytest.param(
                [R(type_, "one", **names), R(BUCKET, "two", bucket="other"), block(bucket=text)],
                {shown: YES, "other": NO},
                id=f"by-{id_}",
            )
            for id_, type_, names, text, shown in [
                ("name", BUCKET, {"bucket": "data"}, "data", "data"),
                ("native-name", NATIVE, {"bucketName": "data"}, "data", "data"),
                ("id", BUCKET, {"id": "data"}, "data", "one"),
                ("arn", BUCKET, {"bucket": "data"}, DATA, "data"),
                ("arn-of-another-partition", BUCKET, {"arn": "arn:aws-cn:s3:::data"}, "data", "one"),
                ("stand-in", V2, {"id": f"one-{COMPUTED}"}, f"one-{COMPUTED}", "one"),
                ("missing-configuration", BUCKET, {"bucket": ANYTHING}, ANYTHING, ANYTHING),
                ("secret", BUCKET, {"bucket": Secret("data")}, Secret("data"), "one"),
            ]
        ),
        pytest.param(
            [R(BUCKET, "one", bucket="data"), block(bucket="data-logs", of=[f"{BUCKET}::one"])],
            {"data": NO, "data-logs": YES},
            id="a-name-made-of-another-bucket's",
        ),
        pytest.param(
            [R(BUCKET, "one"), block(bucket=f"one-{COMPUTED}", of=[f"{BUCKET}::one"])],
            {"one": YES},
            id="a-name-is-known-on-one-side-only",
        ),
        pytest.param(
            [R(BUCKET, "one", bucket="data"), R(V2, "two", bucket="data", arn=DATA), block(bucket="data")],
            {"data": YES},
            id="twins-of-one-name",
        ),
        *(
            pytest.param([R(POLICY, "p", bucket=policy), block(bucket=text)], {"data": YES}, id=f"elsewhere-{id_}")
            for id_, policy, text in [("by-name", "data", "data"), ("by-arn", "data", DATA)]
        ),
        pytest.param(
            [R(POLICY, "p", bucket="data"), block(bucket="other")],
            {"data": NO, "other": YES},
            id="elsewhere-two-buckets",
        ),
        pytest.param(
            [R(POLICY, "p", bucket=Secret("hidden")), block(bucket=Secret("hidden"))],
            {"the-bucket": YES},
            id="elsewhere-a-secret-name-is-not-shown",
        ),
        pytest.param([R(POLICY, "p", bucket=UNKNOWN), block()], {"the-bucket": MAYBE}, id="elsewhere-unknown"),
        pytest.param(
            [R(POLICY, "p", bucket="data"), block(bucket=ANYTHING)],
            {"data": MAYBE, ANYTHING: YES},
            id="elsewhere-any-bucket",
        ),
        pytest.param(
            [
                R(BUCKET, "one", bucket="data"),
                block("a", bucket="data"),
                block("b", bucket="data", restrictPublicBuckets=False),
            ],
            {"data": NO},
            id="two-blocks-that-differ",
        ),
        pytest.param(
            [R(NATIVE, "one", publicAccessBlockConfiguration={"restrictPublicBuckets": True})],
            {"one": YES},
            id="inline",
        ),
        pytest.param([R(NATIVE, "one", publicAccessBlockConfiguration=UNKNOWN)], {"one": MAYBE}, id="inline-unknown"),
        pytest.param([R(BUCKET, "one"), block("b", ACCOUNT)], {"one": YES}, id="account"),
        pytest.param(
            [R(BUCKET, "one"), block("b", ACCOUNT, restrictPublicBuckets=UNKNOWN)], {"one": MAYBE}, id="account-unknown"
        ),
        pytest.param(
            [R(BUCKET, "one"), block(of=[f"{BUCKET}::one"], restrictPublicBuckets=False), block("b", ACCOUNT)],
            {"one": YES},
            id="account-over-its-own",
        ),
        *(
            pytest.param(
                [R(BUCKET, "one"), block(of=[f"{BUCKET}::one"], restrictPublicBuckets=given)],
                {"one": truth},
                id=f"flag-{id_}",
            )
            for id_, given, truth in [
                ("text", "true", YES),
                ("secret", Secret(True), YES),
                ("unknown", UNKNOWN, MAYBE),
                ("from-missing-configuration", ANYTHING, MAYBE),
                ("left-out", None, NO),
            ]
        ),
        pytest.param([R(DIRECTORY, "one", bucket="one--euw1-az1--x-s3")], {"one--euw1-az1--x-s3": YES}, id="directory"),
        pytest.param(
            [R(POLICY, "p", bucket="one--euw1-az1--x-s3")], {"one--euw1-az1--x-s3": YES}, id="directory-elsewhere"
        ),
    ],
)
def test_a_block_holds_for_its_own_bucket(resources: Sequence[Resource], expected: Mapping[str, Truth]) -> None:
    assert {name: one.truth for name, one in held(*resources).items()} == expected


@pytest.mark.parametrize(
    ("of_bucket", "of_block", "expected"),
    [("urn:a", "urn:a", YES), ("urn:a", "urn:b", MAYBE), ("", "urn:b", MAYBE)],
)
def test_the_block_of_an_account_holds_for_the_buckets_of_its_provider(
    of_bucket: str, of_block: str, expected: Truth
) -> None:
    bucket, account = replace(R(BUCKET, "one"), provider=of_bucket), replace(block("b", ACCOUNT), provider=of_block)
    assert held(bucket, account)["one"].truth is expected
    off = replace(block("b", ACCOUNT, restrictPublicBuckets=False), provider=of_block)
    assert held(bucket, off)["one"].truth is NO


@pytest.mark.parametrize(
    ("bucket", "account", "expected"),
    [
        ({"region": "eu-west-1"}, {"region": "us-east-1", "version": "7.51.1"}, YES),
        ({"profile": "a"}, {"profile": "b"}, MAYBE),
        ({"profile": "a"}, {}, MAYBE),
        ({"profile": UNKNOWN}, {"profile": UNKNOWN}, MAYBE),
        ({"allowedAccountIds": '["402918573664"]'}, {"allowedAccountIds": '["730335184291"]'}, NO),
        ({"allowedAccountIds": '["402918573664"]'}, {"allowedAccountIds": '["402918573664"]'}, YES),
    ],
)
def test_providers_tell_whether_they_work_in_one_account(
    bucket: dict[str, object], account: dict[str, object], expected: Truth
) -> None:
    providers = R("pulumi:providers:aws", "a", **bucket), R("pulumi:providers:aws", "b", **account)
    of_bucket, of_account = (each.urn for each in providers)
    found = held(
        *providers,
        replace(R(BUCKET, "one"), provider=of_bucket),
        replace(block("b", ACCOUNT), provider=of_account),
    )
    assert found["one"].truth is expected


@pytest.mark.parametrize(
    ("resources", "by"),
    [
        ([R(BUCKET, "one"), block(of=[f"{BUCKET}::one"])], "the public access block 'block'"),
        ([R(BUCKET, "one"), block("b", ACCOUNT)], "the account's public access block 'b'"),
        (
            [R(BUCKET, "one"), R(BUCKET, "two"), block(of=[f"{BUCKET}::one", f"{BUCKET}::two"])],
            "the public access block 'block', which is this bucket's or another's,",
        ),
        ([R(BUCKET, "one", bucket="one"), block()], "the public access block 'block', whose bucket is not known yet,"),
    ],
)
def test_what_holds_is_named(resources: Sequence[Resource], by: str) -> None:
    assert held(*resources)["one"].by == by
