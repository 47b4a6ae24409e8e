"""Policies of buckets that no stranger gets through, and that yet do not do what was meant."""

import json

import pytest

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.judge import Scene, default_policy, judge_resource, judge_stack, order
from policypack.guardrails.model import Resource, Run, Secret, Stack
from policypack.guardrails.rule import ResourceRule, StackRule
from policypack.guardrails.rules.private_buckets import (
    bucket_accepts_plain_http,
    bucket_policy_locks_out_owner,
    bucket_policy_open_by_definition,
    bucket_tls_deny_incomplete,
)
from policypack.guardrails.rules.resource_policies import BUCKET_LIKE, bucket_documents
from policypack.guardrails.values import UNKNOWN
from tests.support.rule_tables import ANYTHING, COMPUTED, Case, R, table

POLICY = "aws:s3/bucketPolicy:BucketPolicy"
OWN = "402918573664"
OTHER = "213098465721"
ROLE = {"AWS": f"arn:aws:iam::{OWN}:role/app"}
ROOT = {"AWS": f"arn:aws:iam::{OWN}:root"}
BUCKET, OBJECTS = "arn:aws:s3:::data", "arn:aws:s3:::data/*"
BOTH = [BUCKET, OBJECTS]
FIRST = "policy.Statement[0]"


def allow(
    principal: object = "*", action: object = "s3:GetObject", resource: object = OBJECTS, /, **condition: object
) -> dict[str, object]:
    given: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {**given, "Condition": condition} if condition else given


def deny(action: object = "s3:*", resource: object = BOTH, /, **condition: object) -> dict[str, object]:
    return {**allow("*", action, resource, **condition), "Effect": "Deny"}


def changed(statement: dict[str, object], **changes: object) -> dict[str, object]:
    return {key: value for key, value in {**statement, **changes}.items() if value is not None}


def document(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy(*statements: object, bucket: object = "data") -> Resource:
    return R(POLICY, bucket=bucket, policy=document(*statements))


PLAIN = {"aws:SecureTransport": "false"}
TLS = deny(Bool=PLAIN)
OF_US = {"aws:PrincipalOrgID": "o-ours1234"}
ELSEWHERE = R("aws:sqs/queuePolicy:QueuePolicy", policy=document(deny()))

test_bucket_policy_open_by_definition = table(
    bucket_policy_open_by_definition.RULE,
    [
        Case(
            "fail",
            "a-deny-covers-it",
            policy(allow(), deny(StringNotEquals=OF_US)),
            [("violation", f"{FIRST}.Principal", "low")],
        ),
        Case(
            "fail",
            "pattern-of-roles",
            R(
                "aws:s3/bucketV2:BucketV2",
                policy=json.dumps(document(allow(ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/x/*"}))),
            ),
            [("violation", f"{FIRST}.Principal")],
        ),
        Case(
            "fail",
            "multi-region-access-point",
            R(
                "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy",
                details={
                    "name": "all",
                    "policy": json.dumps(document(allow(StringEquals={"aws:SourceOrgID": "o-ours1234"}))),
                },
            ),
            [("violation", f"details.{FIRST}.Principal")],
        ),
        Case("pass", "organization", policy(allow(StringEquals=OF_US))),
        Case("pass", "named", policy(allow(ROLE), TLS)),
        Case("boundary", "strangers-get-through", policy(allow())),
        Case("boundary", "strangers-may-get-through", policy(allow(StringEquals={"aws:Referer": UNKNOWN}))),
        Case(
            "undecided",
            "unknown-range-behind-a-deny",
            policy(allow(IpAddress={"aws:SourceIp": UNKNOWN}), deny(StringNotEquals=OF_US)),
            [("undecided", f'{FIRST}.Condition.IpAddress["aws:SourceIp"]')],
        ),
        Case(
            "not-applicable",
            "a-bucket-of-vectors-has-no-block",
            R("aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy", policy=document(allow(), deny())),
        ),
    ],
)

test_bucket_policy_locks_out_owner = table(
    bucket_policy_locks_out_owner.RULE,
    [
        Case("fail", "everybody", policy(deny()), [("violation", FIRST, "medium")]),
        Case("fail", "by-a-pattern", policy(allow(ROLE), deny("s3:*Bucket*", "*")), [("violation", "policy.Statement[1]")]),
        Case("fail", "bucket-not-known", policy(deny(), bucket=UNKNOWN), [("violation", FIRST)]),
        Case(
            "fail",
            "two-that-leave-nothing",
            policy(
                deny(StringNotEquals={"aws:SourceVpce": "vpce-1"}), deny("*", BUCKET, StringEquals={"aws:SourceVpce": "vpce-1"})
            ),
            [("violation", FIRST)],
        ),
        Case(
            "fail",
            "directory-bucket",
            R(
                POLICY,
                bucket="data--euw1-az1--x-s3",
                policy=document(deny("s3express:*", f"arn:aws:s3express:eu-west-1:{OWN}:bucket/data--euw1-az1--x-s3")),
            ),
            [("violation", FIRST)],
        ),
        Case("fail", "hidden-arn", policy(deny("s3:*", COMPUTED), bucket=COMPUTED), [("violation", FIRST)]),
        Case("fail", "native", R("aws-native:s3:BucketPolicy", bucket="data", policyDocument=document(deny())),
             [("violation", "policyDocument.Statement[0]")]),
        Case("pass", "tls", policy(TLS)),
        Case("pass", "endpoint", policy(deny(StringNotEquals={"aws:SourceVpce": "vpce-1"}))),
        Case("pass", "network", policy(deny(NotIpAddress={"aws:SourceIp": "203.0.113.0/24"}))),
        Case("pass", "second-factor", policy(deny(BoolIfExists={"aws:MultiFactorAuthPresent": "false"}))),
        Case("pass", "all-but-a-role", policy(deny(ArnNotLike={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/admin-*"}))),
        Case("pass", "all-but-account-and-role", policy(changed(deny(), Principal=None, NotPrincipal={"AWS": [ROOT["AWS"], ROLE["AWS"]]}))),
        Case("pass", "an-endpoint-to-be-made", policy(deny(StringNotEquals={"aws:SourceVpce": UNKNOWN}))),
        Case("boundary", "only-plain-requests-left", policy(deny(Bool={"aws:SecureTransport": "true"}))),
        Case("boundary", "objects-alone", policy(deny("s3:*", OBJECTS))),
        Case("boundary", "may-still-be-replaced", policy(deny("s3:DeleteBucketPolicy"))),
        Case("boundary", "another-account", policy(changed(deny(), Principal={"AWS": OTHER}))),
        Case("undecided", "principal", policy(changed(deny(), Principal=UNKNOWN)), [("undecided", f"{FIRST}.Principal")]),
        Case("undecided", "not-principal-without-account", policy(changed(deny(), Principal=None, NotPrincipal=ROLE)), [("undecided", FIRST)]),
        Case("not-applicable", "queue", ELSEWHERE),
    ],
)  # fmt: skip

test_bucket_tls_deny_incomplete = table(
    bucket_tls_deny_incomplete.RULE,
    [
        Case("fail", "bucket-alone", policy(deny("s3:*", BUCKET, Bool=PLAIN)), [("violation", FIRST, "low")]),
        Case("fail", "objects-alone", policy(deny("s3:*", OBJECTS, Bool=PLAIN)), [("violation", FIRST)]),
        Case("fail", "some-actions", policy(deny(["s3:Get*", "s3:Put*"], Bool=PLAIN)), [("violation", FIRST)]),
        Case("fail", "some-accounts", policy(allow({"AWS": OTHER}), changed(TLS, Principal=ROOT)), [("violation", "policy.Statement[1]")]),
        Case("fail", "all-but-a-role", policy(changed(TLS, Principal=None, NotPrincipal={"AWS": [ROOT["AWS"], ROLE["AWS"]]})), [("violation", FIRST)]),
        Case("fail", "text-in-capitals", policy(deny(StringEquals={"aws:SecureTransport": "False"})), [("violation", FIRST)]),
        Case("fail", "the-wrong-way-round", policy(deny(Bool={"aws:SecureTransport": "true"})), [("violation", FIRST)]),
        Case("fail", "never-holds", policy(deny(Bool=PLAIN, Null={"aws:SecureTransport": "true"})), [("violation", FIRST)]),
        Case("fail", "another-bucket", policy(deny("s3:*", ["arn:aws:s3:::date", "arn:aws:s3:::date/*"], Bool=PLAIN)), [("violation", FIRST)]),
        Case("pass", "usual", policy(allow(ROLE), TLS)),
        Case("pass", "as-text", R(POLICY, bucket=f"data-{COMPUTED}", policy=json.dumps(document(TLS)).replace("data", f"data-{COMPUTED}"))),
        Case("pass", "computed-arn", policy(deny("s3:*", [f"{BUCKET}-{COMPUTED}", f"{BUCKET}-{COMPUTED}/*"], BoolIfExists=PLAIN))),
        Case("pass", "hidden-arn", policy(deny("s3:*", [COMPUTED, f"{COMPUTED}/*"], BoolIfExists=PLAIN))),
        Case("pass", "hidden-arn-of-a-directory-bucket", policy(deny("s3express:*", COMPUTED, BoolIfExists=PLAIN), bucket="d--x-s3")),
        Case("fail", "computed-arn-of-objects", policy(deny("s3:*", f"{COMPUTED}/*", Bool=PLAIN)), [("violation", FIRST)]),
        Case("pass", "directory-bucket", R(POLICY, bucket="d--x-s3", policy=document(deny("s3express:*", f"arn:aws:s3express:eu-west-1:{OWN}:bucket/d--x-s3", Bool=PLAIN)))),
        Case("pass", "if-exists", policy(deny("*", "*", BoolIfExists=PLAIN))),
        Case("pass", "string", policy(deny(StringNotEquals={"aws:SecureTransport": "true"}))),
        Case("pass", "version", policy(deny(NumericLessThan={"s3:TlsVersion": "1.2"}))),
        Case("pass", "without-version", policy(deny(Null={"s3:TlsVersion": "true"}))),
        Case("pass", "two-halves", policy(deny("s3:*", BUCKET, Bool=PLAIN), deny("s3:*", OBJECTS, Bool=PLAIN))),
        Case("pass", "own-account", policy(changed(TLS, Principal=ROOT))),
        Case("boundary", "another-rule-covers-it", policy(deny("s3:*", BUCKET, Bool=PLAIN), changed(TLS, Action=None, NotAction="iam:*"))),
        Case("boundary", "meant-for-one-role", policy(changed(deny("s3:*", BUCKET, Bool=PLAIN), Principal=ROLE))),
        Case("boundary", "nothing-about-tls", policy(allow(ROLE))),
        Case("undecided", "resource", policy(deny("s3:*", UNKNOWN, Bool=PLAIN)), [("undecided", f"{FIRST}.Resource")]),
        Case("not-applicable", "queue", ELSEWHERE),
    ],
)  # fmt: skip

test_bucket_accepts_plain_http = table(
    bucket_accepts_plain_http.RULE,
    [
        Case("fail", "role", policy(allow(ROLE)), [("violation", FIRST, "low")]),
        Case("fail", "no-allow-and-nothing-about-tls", policy(deny("s3:PutObject")), [("violation", "policy")]),
        Case("pass", "denied", policy(allow(ROLE), TLS)),
        Case("pass", "in-each-allow", policy(allow(ROLE, Bool={"aws:SecureTransport": "true"}))),
        Case("pass", "version-in-each-allow", policy(allow(ROLE, NumericGreaterThanEquals={"s3:TlsVersion": "1.2"}))),
        Case("boundary", "a-gap-is-another-rule-s", policy(allow(ROLE), deny("s3:*", BUCKET, Bool=PLAIN))),
        Case("boundary", "services-use-tls", policy(allow({"Service": "cloudtrail.amazonaws.com"}, "s3:PutObject"))),
        Case("undecided", "condition", policy(changed(allow(ROLE), Condition=UNKNOWN)), [("undecided", f"{FIRST}.Condition")]),
        Case("not-applicable", "no-policy", R("aws:s3/bucket:Bucket", bucket="data")),
    ],
)  # fmt: skip


def said(resource: Resource, *others: Resource) -> list[tuple[str, str, str]]:
    """What the rules that are on by default say of the policy of a resource, but for what the join decides."""
    stack = Stack((resource, *others))
    judged = []
    for rule in RULES:
        if isinstance(rule, ResourceRule) and resource.type in rule.types:
            judged += judge_resource(default_policy(rule), resource, Scene([resource], Run()))
        elif isinstance(rule, StackRule) and rule.id.startswith("resource-policy"):
            judged += judge_stack(default_policy(rule), stack, Scene(stack.resources, Run()))
    return [(one.rule.id, one.severity.value, one.path) for one in order(judged) if one.level.value != "disabled"]


OWNER = R("aws:sqs/queue:Queue", arn=f"arn:aws:sqs:eu-west-1:{OWN}:jobs")
ON_BUCKET: dict[str, tuple[dict[str, object], list[tuple[str, str, str]]]] = {
    "every action": (allow(ROLE, "s3:*", BOTH), [("resource-policy-every-action", "medium", f"{FIRST}.Action")]),
    "not action": (
        changed(allow(ROLE), Action=None, NotAction="s3:DeleteBucket", Resource=BOTH),
        [("resource-policy-not-action", "medium", f"{FIRST}.NotAction")],
    ),
    "not principal": (
        changed(allow(StringEquals=OF_US), Principal=None, NotPrincipal=ROLE),
        [("resource-policy-not-principal", "medium", f"{FIRST}.NotPrincipal")],
    ),
    "cloudfront of anybody": (
        allow({"Service": "cloudfront.amazonaws.com"}),
        [("resource-policy-without-source", "medium", f"{FIRST}.Principal")],
    ),
    "logs of anybody": (
        allow({"Service": "logging.s3.amazonaws.com"}, "s3:PutObject"),
        [("resource-policy-without-source", "low", f"{FIRST}.Principal")],
    ),
    "cloudfront of ours": (
        allow(
            {"Service": "cloudfront.amazonaws.com"},
            StringEquals={"AWS:SourceArn": f"arn:aws:cloudfront::{OWN}:distribution/E1"},
        ),
        [],
    ),
    "logs of ours": (
        allow({"Service": "logging.s3.amazonaws.com"}, "s3:PutObject", StringEquals={"aws:SourceAccount": OWN}),
        [],
    ),
    "trail below our account": (
        allow({"Service": "cloudtrail.amazonaws.com"}, "s3:PutObject", f"{BUCKET}/AWSLogs/{OWN}/*"),
        [],
    ),
    "balancer": (allow({"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "s3:PutObject"), []),
    "balancer of an older region": (allow({"AWS": "arn:aws:iam::156460612806:root"}, "s3:PutObject"), []),
    "our role": (allow(ROLE), []),
    "partner reads": (
        allow({"AWS": OTHER}, ["s3:GetObject", "s3:ListBucket"], BOTH),
        [("resource-policy-foreign-account", "low", f"{FIRST}.Principal")],
    ),
    "partner writes": (
        allow({"AWS": OTHER}, "s3:PutObject"),
        [("resource-policy-foreign-account", "low", f"{FIRST}.Principal")],
    ),
    **{
        f"partner may {action}": (
            allow({"AWS": OTHER}, [f"s3:{action}", "s3:GetObject"], BOTH),
            [("resource-policy-foreign-account", severity, f"{FIRST}.Principal")],
        )
        for action, severity in (
            ("DeleteBucketPolicy", "high"),
            ("PutBucketPolicy", "high"),
            ("PutBucketAcl", "high"),
            ("PutEncryptionConfiguration", "medium"),
            ("PutObjectAcl", "medium"),
        )
    },
}


@pytest.mark.parametrize(("statement", "expected"), ON_BUCKET.values(), ids=ON_BUCKET)
def test_rules_on_resource_policies_read_those_of_buckets(statement, expected) -> None:
    assert said(policy(statement, TLS), OWNER) == expected


OPENINGS = {
    "every action": allow("*", "s3:*", BOTH),
    "not action": changed(allow(), Action=None, NotAction="s3:DeleteBucket", Resource=BOTH),
    "not principal": changed(allow(), Principal=None, NotPrincipal=ROLE),
    "by a pattern": allow(StringLike={"aws:SourceVpce": "vpce-*"}),
}


@pytest.mark.parametrize("statement", OPENINGS.values(), ids=OPENINGS)
def test_what_lets_strangers_in_is_left_to_the_rules_on_buckets(statement) -> None:
    assert said(policy(statement, TLS), OWNER) == []


def test_whose_roles_are_named_is_not_guessed() -> None:
    assert said(policy(allow(ROLE), TLS)) == []
    assert said(policy(allow(ROLE, "s3:PutBucketPolicy", BUCKET), TLS)) == [
        ("resource-policy-foreign-account", "low", f"{FIRST}.Principal")
    ]


def given(type_: str, text: object, **names: object) -> Resource:
    place = BUCKET_LIKE[type_]
    return R(type_, **{place.property: [{place.member: text}] if place.member else text, **names})


@pytest.mark.parametrize("type_", BUCKET_LIKE)
def test_policy_of_every_type_like_a_bucket_is_read_once(type_) -> None:
    resource = given(type_, json.dumps(document(TLS)))
    (placed,) = bucket_documents(resource)
    assert len(placed.document.statements) == 1
    assert bucket_documents(resource)[0] is placed
    assert bucket_documents(R(type_)) == ()


def test_policy_that_the_provider_fills_in_is_none() -> None:
    bucket = Resource(urn="u", type="aws:s3/bucket:Bucket", name="b", properties={"policy": UNKNOWN}, inputs={})
    assert bucket_documents(bucket) == ()


def test_part_of_a_name_that_may_be_anything_is_no_wildcard() -> None:
    text = json.dumps(document(deny("s3:*", f"arn:aws:s3:::data-{ANYTHING}")))
    (placed,) = bucket_documents(R(POLICY, bucket=f"data-{ANYTHING}", policy=text))
    assert placed.document.holes == ()


def test_fix_is_a_whole_deny_for_the_bucket_at_hand() -> None:
    statement = deny("s3:*", "arn:aws-cn:s3:::data/*", Bool=PLAIN)
    (finding,) = bucket_tls_deny_incomplete.RULE.check(policy(statement), default_policy(RULES[0]).context(Run()))
    pasted = json.loads(finding.fix.removeprefix("Put this in its place: ").removesuffix("."))
    assert pasted["Resource"] == ["arn:aws-cn:s3:::data", "arn:aws-cn:s3:::data/*"]
    mended = R(POLICY, bucket="data", policy=document(pasted))
    assert list(bucket_tls_deny_incomplete.RULE.check(mended, default_policy(RULES[0]).context(Run()))) == []


DIRECTORY = f"arn:aws:s3express:eu-west-1:{OWN}:bucket/d--euw1-az1--x-s3"
HIDDEN = {
    "by its name": ("data", f"{COMPUTED}/*", BOTH),
    "not known": (COMPUTED, f"{COMPUTED}/*", ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"]),
    "secret, and written": (Secret("data"), OBJECTS, BOTH),
    "of another partition": (
        COMPUTED,
        f"arn:aws-cn:s3:::{COMPUTED}/*",
        ["arn:aws-cn:s3:::BUCKET", "arn:aws-cn:s3:::BUCKET/*"],
    ),
    "directory bucket of a computed account": (
        UNKNOWN,
        DIRECTORY.replace(OWN, COMPUTED),
        [DIRECTORY.replace(OWN, "ACCOUNT")],
    ),
    "directory bucket by its name": (
        "d--euw1-az1--x-s3",
        COMPUTED,
        [DIRECTORY.replace(OWN, "ACCOUNT").replace("eu-west-1", "REGION")],
    ),
}


@pytest.mark.parametrize(("bucket", "written", "pasted"), HIDDEN.values(), ids=HIDDEN)
def test_fix_leaves_to_be_filled_in_what_is_not_known_of_the_bucket(bucket, written, pasted) -> None:
    service = "s3express" if len(pasted) == 1 else "s3"
    statement = deny(f"{service}:GetObject", written, Bool=PLAIN)
    (finding,) = bucket_tls_deny_incomplete.RULE.check(
        policy(statement, bucket=bucket), default_policy(RULES[0]).context(Run())
    )
    fix = json.loads(finding.fix.removeprefix("Put this in its place: ").removesuffix("."))
    assert (fix["Action"], fix["Resource"]) == (f"{service}:*", pasted)


@pytest.mark.parametrize("rule", [bucket_tls_deny_incomplete, bucket_accepts_plain_http], ids=lambda each: each.RULE.id)
def test_secret_policy_is_not_quoted(rule) -> None:
    hidden = "arn:aws:s3:::hidden-name"
    statements = (
        allow(ROLE, "s3:GetObject", f"{hidden}/*"),
        *([deny("s3:*", hidden, Bool=PLAIN)] if rule is bucket_tls_deny_incomplete else []),
    )
    found = rule.RULE.check(R(POLICY, policy=Secret(document(*statements))), default_policy(RULES[0]).context(Run()))
    assert all("hidden" not in f"{one.message} {one.fix} {one.path} {one.witness}" for one in found)
