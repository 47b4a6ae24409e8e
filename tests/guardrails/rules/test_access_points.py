"""Rules on access points, and on storage whose access block AWS keeps on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.evaluate import Principal, Request, Verdict, evaluate
from policypack.guardrails.findings import Finding, Level
from policypack.guardrails.judge import Policy
from policypack.guardrails.model import Resource, Run, Secret, Stack
from policypack.guardrails.rule import StackRule
from policypack.guardrails.rules.least_privilege import resource_policy_open_to_strangers
from policypack.guardrails.rules.private_buckets import (
    access_point_block_off,
    access_point_public_policy,
    bucket_opening_behind_block,
    bucket_public_policy,
)
from policypack.guardrails.values import UNKNOWN
from tests.support.rule_tables import COMPUTED, Case, R, on_model, table

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
POINT = "aws:s3/accessPoint:AccessPoint"
POINT_POLICY = "aws:s3control/accessPointPolicy:AccessPointPolicy"
REGIONS = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"
REGIONS_POLICY = "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy"
ARN = "arn:aws:s3:eu-west-1:402918573664:accesspoint/"
OWN = "402918573664"
OFF = {"blockPublicAcls": False, "blockPublicPolicy": False, "ignorePublicAcls": False, "restrictPublicBuckets": False}
ON = dict.fromkeys(OFF, True)
AT = "policy.Statement[0].Principal"
OPEN = [("violation", AT, "critical")]
HELD = [("violation", AT, "medium")]


def document(
    resource: str, action: str = "s3:GetObject", principal: object = "*", **conditions: object
) -> dict[str, object]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [{**statement, **({"Condition": conditions} if conditions else {})}]}


def text(*arguments: str, **conditions: object) -> str:
    return json.dumps(document(*arguments, **conditions))


def bucket(name: str = "data") -> Resource:
    return R(BUCKET, name, bucket=name, arn=f"arn:aws:s3:::{name}")


def delegating(name: str = "data", action: str = "s3:*", **keys: object) -> Resource:
    """The bucket policy that leaves the decision to access points of the own account."""
    handed_on = keys or {"s3:DataAccessPointAccount": OWN}
    return R(POLICY, name, bucket=name, policy=text(f"arn:aws:s3:::{name}/*", action, StringEquals=handed_on))


def delegating_unless(account: object = OWN, of: str = "*", action: str = "s3:*", **conditions: object) -> Resource:
    """The same with a Deny of the requests that meet conditions."""
    both = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]
    rest = {"Principal": "*", "Action": "s3:*", "Resource": both}
    allow = {"Effect": "Allow", **rest, "Condition": {"StringEquals": {"s3:DataAccessPointAccount": account}}}
    about = {"Action": action, "Resource": of if of == "*" else f"arn:aws:s3:::{of}"}
    deny = {"Effect": "Deny", **rest, **about, "Condition": conditions}
    return R(POLICY, "data", bucket="data", policy=json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]}))


def point(name: str = "front", *, of: str = "data", **properties: object) -> Resource:
    given = {"bucket": of, "name": name, "arn": f"{ARN}{name}", "accountId": OWN, **properties}
    return R(POINT, name, **{key: value for key, value in given.items() if value is not None})


def front(**properties: object) -> Resource:
    return point(**{"policy": text(f"{ARN}front/object/*"), "publicAccessBlockConfiguration": OFF, **properties})


def beside(arn: object, **deps: list[str]) -> Resource:
    return R(POINT_POLICY, "beside", deps=deps, accessPointArn=arn, policy=text(f"{ARN}front/object/*"))


def multi_region(*names: str, block: object = OFF) -> Resource:
    details = {"name": "world", "regions": [{"bucket": each} for each in names], "publicAccessBlock": block}
    return R(
        REGIONS, "world", accountId=OWN, details={key: value for key, value in details.items() if value is not None}
    )


def multi_region_policy(name: object = "world", **deps: list[str]) -> Resource:
    resource = f"arn:aws:s3::{OWN}:accesspoint/mfzwi23gnjvgw.mrap/object/*"
    return R(REGIONS_POLICY, "world-policy", deps=deps, details={"name": name, "policy": text(resource)})


INVENTED = "86420975" + "0001"
OPEN_BUT_FOR_BACK = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"StringEquals": {"s3:DataAccessPointArn": f"{ARN}back"}},
            },
        ],
    }
)


def unless(operator: str, key: str, value: str) -> str:
    """A policy for everybody, with a Deny of the requests that meet a condition."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    deny = {**allow, "Effect": "Deny", "Condition": {operator: {key: value}}}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]})


CALLER = "aws:PrincipalAccount"
TOKEN = "sesame-" + "token"
WITHIN = f"arn:aws:s3:::data/{TOKEN}"
OF_OWNER = "${aws:ResourceAccount}"
INSIDERS_ONLY = {
    "owner": text("*", "s3:*", StringEquals={"aws:PrincipalAccount": OF_OWNER}),
    "access-point": text("*", "s3:*", StringEquals={"aws:PrincipalAccount": "${s3:DataAccessPointAccount}"}),
    "arn": text("*", "s3:*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OF_OWNER}:role/*"}),
    "user-id": text("*", "s3:*", StringLike={"aws:userid": f"{OF_OWNER}:*"}),
    "deny": unless("StringNotEquals", "aws:PrincipalAccount", OF_OWNER),
    "deny-by-access-point": unless("StringNotEquals", "aws:PrincipalAccount", "${s3:DataAccessPointAccount}"),
    "deny-by-arn": unless("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OF_OWNER}:*"),
    "deny-the-other-way-round": unless("StringNotEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}"),
    "the-other-way-round": text("*", "s3:*", StringEquals={"aws:ResourceAccount": "${aws:PrincipalAccount}"}),
}
STRANGERS_BLOCKED = R(BLOCK, "block", bucket="data", **ON)
WORLD_AT = "details.policy.Statement[0].Principal"

test_open = table(
    access_point_public_policy.RULE,
    [
        Case("fail", "delegated", [bucket(), delegating(), front()], OPEN),
        Case("fail", "bucket-elsewhere", front(), OPEN),
        Case(
            "fail",
            "bucket-not-known-yet",
            [
                bucket(),
                delegating(),
                R(
                    POINT,
                    "front",
                    deps={"bucket": [f"{BUCKET}::data"]},
                    bucket=UNKNOWN,
                    accountId=OWN,
                    policy=text("*"),
                    publicAccessBlockConfiguration=OFF,
                ),
            ],
            OPEN,
        ),
        Case(
            "fail",
            "own-account-in-its-own-policy",
            [
                bucket(),
                delegating(),
                front(policy=text(f"{ARN}front/object/*", StringEquals={"s3:DataAccessPointAccount": OWN})),
            ],
            OPEN,
        ),
        Case(
            "fail",
            "policy-beside-by-stand-in",
            [bucket(), delegating(), front(policy=None, arn=COMPUTED), beside(COMPUTED)],
            OPEN,
        ),
        Case("fail", "policy-beside", [bucket(), delegating(), front(policy=None), beside(f"{ARN}front")], OPEN),
        Case(
            "fail",
            "policy-beside-by-dependency",
            [bucket(), delegating(), front(policy=None), beside(UNKNOWN, accessPointArn=[f"{POINT}::front"])],
            OPEN,
        ),
        Case(
            "fail",
            "native",
            [
                R("aws-native:s3:Bucket", "data", bucketName="data"),
                delegating(),
                R(
                    "aws-native:s3:AccessPoint",
                    "front",
                    bucket="data",
                    arn=f"{ARN}front",
                    policy=document("*"),
                    publicAccessBlockConfiguration={"blockPublicAcls": True},
                ),
            ],
            OPEN,
        ),
        Case(
            "fail",
            "one-of-two-regions",
            [bucket(), bucket("far"), delegating("far"), multi_region("data", "far"), multi_region_policy()],
            [("violation", WORLD_AT, "critical")],
        ),
        Case(
            "fail",
            "multi-region-by-dependency",
            [bucket(), delegating(), multi_region("data"), multi_region_policy(UNKNOWN, details=[f"{REGIONS}::world"])],
            [("violation", WORLD_AT, "critical")],
        ),
        Case(
            "fail",
            "native-multi-region",
            [
                bucket(),
                delegating(),
                R(
                    "aws-native:s3:MultiRegionAccessPoint",
                    "world",
                    name="world",
                    accountId=OWN,
                    regions=[{"bucket": "data"}],
                    publicAccessBlockConfiguration=OFF,
                ),
                R("aws-native:s3:MultiRegionAccessPointPolicy", mrapName="world", policy=document("*")),
            ],
            OPEN,
        ),
        Case(
            "fail",
            "all-but-the-own-account",
            [bucket(), delegating(), front(policy=unless("StringEquals", "aws:PrincipalAccount", OF_OWNER))],
            OPEN,
        ),
        *(
            Case("fail", f"deny-that-misses-{name}", [bucket(), delegating_unless(**conditions), front(arn=arn)], OPEN)
            for name, arn, conditions in (
                ("by-computed-arn", COMPUTED, {"StringEquals": {"s3:DataAccessPointArn": f"{ARN}back"}}),
                ("by-unknown-arn", UNKNOWN, {"StringEquals": {"s3:DataAccessPointArn": f"{ARN}back"}}),
                (
                    "by-region-of-arn",
                    f"arn:aws:s3:{COMPUTED}:{OWN}:accesspoint/front",
                    {"ArnLike": {"s3:DataAccessPointArn": f"{ARN}b*"}},
                ),
                ("without-access-point", f"{ARN}front", {"Null": {"s3:DataAccessPointArn": "TRUE"}}),
                (
                    "by-literal-stars",
                    UNKNOWN,
                    {"StringEquals": {"s3:DataAccessPointArn": "arn:aws:s3:*:*:accesspoint/*"}},
                ),
                ("by-variable", f"{ARN}front", {"StringNotLike": {"s3:DataAccessPointArn": f"{ARN}${{aws:username}}"}}),
                ("by-network", f"{ARN}front", {"StringEquals": {"s3:AccessPointNetworkOrigin": "VPC"}}),
            )
        ),
        Case(
            "fail",
            "all-but-another",
            [
                bucket(),
                R(
                    POLICY,
                    bucket="data",
                    policy=text("*", "s3:*", StringNotEquals={"s3:DataAccessPointArn": f"{ARN}back"}),
                ),
                front(arn=UNKNOWN),
            ],
            OPEN,
        ),
        Case(
            "fail",
            "own-policy-denies-another",
            [bucket(), delegating(), front(arn=COMPUTED, policy=OPEN_BUT_FOR_BACK)],
            OPEN,
        ),
        Case(
            "fail",
            "computed-account",
            [
                bucket(),
                delegating(**{"s3:DataAccessPointAccount": INVENTED}),
                front(arn=f"arn:aws:s3:eu-west-1:{INVENTED}:accesspoint/front", accountId=INVENTED),
            ],
            OPEN,
        ),
        Case(
            "fail",
            "all-of-a-computed-account",
            [
                bucket(),
                R(
                    POLICY,
                    bucket="data",
                    policy=text(
                        "*", "s3:*", ArnLike={"s3:DataAccessPointArn": f"arn:aws:s3:*:{INVENTED}:accesspoint/*"}
                    ),
                ),
                front(arn=f"arn:aws:s3:eu-west-1:{INVENTED}:accesspoint/front", accountId=INVENTED),
            ],
            OPEN,
        ),
        *(
            Case(
                "fail",
                f"delegated-by-{name}",
                [bucket(), R(POLICY, bucket="data", policy=text("*", "s3:*", **conditions)), front()],
                OPEN,
            )
            for name, conditions in (
                ("account-of-bucket", {"StringEquals": {"s3:DataAccessPointAccount": "${aws:ResourceAccount}"}}),
                ("arn-in-capitals", {"StringEqualsIgnoreCase": {"s3:DataAccessPointArn": f"{ARN}front".upper()}}),
            )
        ),
        Case(
            "fail",
            "deny-of-other-objects",
            [bucket(), delegating_unless(of="data/secret/*", Bool={"aws:SecureTransport": "true"}), front()],
            OPEN,
        ),
        Case(
            "fail",
            "objects-of-delegation",
            [
                bucket(),
                R(
                    POLICY,
                    bucket="data",
                    policy=text("arn:aws:s3:::data/press/*", "s3:*", StringEquals={"s3:DataAccessPointAccount": OWN}),
                ),
                front(),
            ],
            OPEN,
        ),
        Case(
            "fail", "block-as-list-of-one", [bucket(), delegating(), front(publicAccessBlockConfiguration=[OFF])], OPEN
        ),
        Case(
            "fail",
            "multi-region-block-as-list-of-one",
            [bucket(), delegating(), multi_region("data", block=[OFF]), multi_region_policy()],
            [("violation", WORLD_AT, "critical")],
        ),
        *(
            Case("pass", f"deny-{name}", [bucket(), delegating_unless(**conditions), front()])
            for name, conditions in (
                ("of-it", {"StringEqualsIgnoreCase": {"s3:DataAccessPointArn": f"{ARN}front".upper()}}),
                ("of-all", {"Null": {"s3:DataAccessPointArn": "false"}}),
                ("of-all-but-vpc", {"StringNotEquals": {"s3:AccessPointNetworkOrigin": "VPC"}}),
            )
        ),
        *(
            Case("undecided", name, [bucket(), policy, front(**known)], [("undecided", AT)])
            for name, policy, known in (
                ("account-of-delegation", delegating(), {"arn": UNKNOWN, "accountId": UNKNOWN}),
                ("account-of-delegation-invented", delegating(), {"arn": UNKNOWN, "accountId": INVENTED}),
                (
                    "denied-by-arn",
                    delegating_unless(ArnEquals={"s3:DataAccessPointArn": f"{ARN}front"}),
                    {"arn": COMPUTED},
                ),
                (
                    "denied-by-network",
                    delegating_unless(StringNotEquals={"s3:AccessPointNetworkOrigin": "VPC"}),
                    {"vpcConfiguration": UNKNOWN},
                ),
            )
        ),
        Case(
            "pass",
            "delegated-to-vpc",
            [bucket(), delegating(**{"s3:DataAccessPointAccount": OWN, "s3:AccessPointNetworkOrigin": "VPC"}), front()],
        ),
        Case(
            "undecided",
            "objects-denied",
            [
                bucket(),
                delegating_unless(of="data/secret/*", Bool={"aws:SecureTransport": ["true", "false"]}),
                front(policy=text(f"{ARN}front/object/secret/*")),
            ],
            [("undecided", AT)],
        ),
        *(
            Case("pass", f"own-account-by-{name}", [bucket(), delegating(), front(policy=policy)])
            for name, policy in INSIDERS_ONLY.items()
        ),
        *(
            Case(
                "pass", f"own-account-of-bucket-by-{name}", [bucket(), R(POLICY, bucket="data", policy=policy), front()]
            )
            for name, policy in INSIDERS_ONLY.items()
        ),
        Case(
            "pass",
            "own-account-that-is-not-known",
            [bucket(), delegating(), front(policy=INSIDERS_ONLY["owner"], arn=UNKNOWN, accountId=COMPUTED)],
        ),
        Case("pass", "block-left-alone", [bucket(), delegating(), front(publicAccessBlockConfiguration=None)]),
        Case("pass", "bucket-blocked", [bucket(), STRANGERS_BLOCKED, delegating(), front()]),
        Case("pass", "account-blocked", [bucket(), R(ACCOUNT_BLOCK, **ON), delegating(), front()]),
        Case(
            "pass",
            "policy-refused-by-own-block",
            [bucket(), delegating(), front(publicAccessBlockConfiguration={**OFF, "blockPublicPolicy": True})],
        ),
        Case("pass", "vpc", [bucket(), delegating(), front(vpcConfiguration={"vpcId": "vpc-1"})]),
        Case(
            "pass",
            "one-role",
            [
                bucket(),
                delegating(),
                front(policy=json.dumps(document("*", principal={"AWS": f"arn:aws:iam::{OWN}:role/reader"}))),
            ],
        ),
        Case(
            "pass",
            "multi-region-block-left-alone",
            [bucket(), delegating(), multi_region("data", block=None), multi_region_policy()],
        ),
        Case("undecided", "document", [bucket(), delegating(), front(policy=UNKNOWN)], [("undecided", "policy")]),
        Case(
            "undecided",
            "own-block",
            [bucket(), delegating(), front(publicAccessBlockConfiguration=UNKNOWN)],
            [("undecided", AT)],
        ),
        Case("undecided", "vpc-or-not", [bucket(), delegating(), front(vpcConfiguration=UNKNOWN)], [("undecided", AT)]),
        Case(
            "undecided",
            "one-of-two-buckets",
            [
                bucket(),
                bucket("far"),
                delegating(),
                R(
                    POINT,
                    "front",
                    deps={"bucket": [f"{BUCKET}::data", f"{BUCKET}::far"]},
                    bucket=UNKNOWN,
                    policy=text("*"),
                    publicAccessBlockConfiguration=OFF,
                ),
            ],
            [("undecided", AT)],
        ),
        Case("undecided", "access-point-elsewhere", beside(f"{ARN}elsewhere"), [("undecided", AT)]),
        Case(
            "undecided",
            "policy-of-bucket",
            [bucket(), R(POLICY, bucket="data", policy=UNKNOWN), front()],
            [("undecided", AT)],
        ),
        Case("not-applicable", "without-policy", [bucket(), delegating(), point()]),
        Case("boundary", "bucket-has-no-policy", [bucket(), front()]),
        Case(
            "boundary",
            "bucket-of-another-account",
            [
                bucket(),
                R(
                    POLICY,
                    bucket="data",
                    policy=text("*", StringEquals={"s3:DataAccessPointAccount": "${aws:ResourceAccount}"}),
                ),
                front(bucketAccountId="530917264418"),
            ],
        ),
        Case(
            "boundary",
            "delegated-to-another",
            [bucket(), delegating(**{"s3:DataAccessPointArn": f"{ARN}back"}), front()],
        ),
        Case("boundary", "delegated-for-other-actions", [bucket(), delegating(action="s3:ListBucket"), front()]),
        Case("boundary", "directory-bucket", [front(bucket="fast--euw1-az1--x-s3")]),
        Case("boundary", "on-outpost", [front(bucket=f"arn:aws:s3-outposts:eu-west-1:{OWN}:outpost/op-1/bucket/data")]),
    ],
)

test_held = table(
    bucket_opening_behind_block.RULE,
    [
        Case("fail", "own-block", [bucket(), delegating(), front(publicAccessBlockConfiguration=None)], HELD),
        Case("fail", "bucket-block", [bucket(), STRANGERS_BLOCKED, delegating(), front()], HELD),
        Case("fail", "no-policy-on-bucket", [bucket(), front()], HELD),
        *(
            Case("fail", name, resource, [("violation", path, "low")])
            for name, resource, path in (
                (
                    "vectors",
                    R(
                        "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
                        vectorBucketArn="a",
                        policy=text("*", "s3vectors:*"),
                    ),
                    AT,
                ),
                (
                    "table-bucket",
                    R("aws:s3tables/tableBucketPolicy:TableBucketPolicy", resourcePolicy=text("*", "s3tables:*")),
                    f"resourceP{AT[1:]}",
                ),
                (
                    "table",
                    R("aws:s3tables/tablePolicy:TablePolicy", resourcePolicy=text("*", "s3tables:GetTableData")),
                    f"resourceP{AT[1:]}",
                ),
                (
                    "outpost",
                    R("aws:s3control/bucketPolicy:BucketPolicy", bucket="b", policy=text("*", "s3-outposts:*")),
                    AT,
                ),
                (
                    "object-lambda",
                    R(
                        "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy",
                        name="l",
                        policy=text("*", "s3-object-lambda:GetObject"),
                    ),
                    AT,
                ),
                (
                    "directory",
                    R(
                        "aws-native:s3express:BucketPolicy",
                        bucket="fast--euw1-az1--x-s3",
                        policyDocument=document("*", "s3express:*"),
                    ),
                    f"policyDocument{AT[6:]}",
                ),
            )
        ),
        Case("pass", "open", [bucket(), delegating(), front()]),
        Case(
            "not-applicable",
            "vectors-of-one-account",
            R(
                "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
                policy=text("*", "s3vectors:*", {"AWS": OWN}),
            ),
        ),
        Case(
            "boundary",
            "vpc",
            [bucket(), front(vpcConfiguration={"vpcId": "vpc-1"}, publicAccessBlockConfiguration=None)],
        ),
    ],
    without={"undecided": "what is in doubt is the business of the rules on openings"},
)

test_block = table(
    access_point_block_off.RULE,
    [
        Case(
            "fail",
            "all-off",
            [bucket(), point(publicAccessBlockConfiguration=OFF)],
            [("violation", "publicAccessBlockConfiguration.blockPublicAcls", "low")],
        ),
        Case(
            "fail",
            "one-off",
            [bucket(), point(publicAccessBlockConfiguration={**ON, "restrictPublicBuckets": False})],
            [("violation", "publicAccessBlockConfiguration.restrictPublicBuckets", "low")],
        ),
        Case(
            "fail",
            "multi-region",
            [bucket(), multi_region("data")],
            [("violation", "details.publicAccessBlock.blockPublicAcls", "low")],
        ),
        Case("pass", "all-on", [bucket(), point(publicAccessBlockConfiguration=ON)]),
        Case("pass", "bucket-has-all", [bucket(), STRANGERS_BLOCKED, point(publicAccessBlockConfiguration=OFF)]),
        Case(
            "undecided",
            "flag-unknown",
            [bucket(), point(publicAccessBlockConfiguration={"ignorePublicAcls": UNKNOWN})],
            [("undecided", "publicAccessBlockConfiguration.ignorePublicAcls")],
        ),
        Case("not-applicable", "left-out", [bucket(), point()]),
        Case("boundary", "opened", [bucket(), delegating(), front()]),
        Case(
            "boundary", "opened-by-policy-beside", [bucket(), delegating(), front(policy=None), beside(f"{ARN}front")]
        ),
        Case(
            "boundary",
            "vpc",
            [bucket(), point(publicAccessBlockConfiguration=OFF, vpcConfiguration={"vpcId": "vpc-1"})],
        ),
    ],
)

test_delegation_is_no_opening = table(
    bucket_public_policy.RULE,
    [
        Case("pass", "by-account", [bucket(), delegating()]),
        Case("pass", "by-arns", [bucket(), delegating(**{"s3:DataAccessPointArn": f"{ARN}front"})]),
    ],
    without=dict.fromkeys(("fail", "undecided", "not-applicable", "boundary"), "in the table of the rule"),
)

test_file_systems_and_grants = table(
    resource_policy_open_to_strangers.RULE,
    [
        Case(
            "fail",
            "files",
            R("aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy", policy=text("*", "s3files:ClientMount")),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "access-grants",
            R(
                "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy",
                policy=text("*", "s3:GetDataAccess"),
            ),
            [("violation", AT)],
        ),
    ],
    without=dict.fromkeys(("pass", "undecided", "not-applicable", "boundary"), "in the table of the rule"),
)


def test_bucket_that_is_only_looked_up_may_have_any_policy() -> None:
    case = Case("fail", "looked-up", [replace(bucket(), inputs={}), front()])
    assert list(on_model(access_point_public_policy.RULE, case)) == OPEN


def said(*resources: Resource, rule: StackRule = access_point_public_policy.RULE) -> Finding:
    (finding,) = rule.check(Stack(resources), Policy(rule, Level.MANDATORY, {}).context(Run()))
    return finding


def test_request_that_is_shown_gets_through_the_policy_of_the_bucket_too() -> None:
    both = document("*")
    both["Statement"][0]["Action"] = ["s3:GetObject", "s3:ListBucket"]
    denied = delegating_unless(action="s3:GetObject", Null={"aws:SecureTransport": "false"})
    finding = said(bucket(), denied, front(policy=json.dumps(both)))
    assert finding.witness["action"] == "s3:ListBucket"
    assert "may s3:ListBucket on this access point" in finding.message


def test_stranger_is_never_of_the_account_that_requests_carry() -> None:
    account = "7777" + "88889999"
    others = text("*", "s3:*", StringNotEquals={CALLER: OF_OWNER}, Null={CALLER: "false"})
    arn = f"arn:aws:s3:eu-west-1:{account}:accesspoint/front"
    shown = said(front(policy=others, arn=arn, accountId=account)).witness
    carried = {"aws:ResourceAccount": account}
    request = Request(
        Principal("AWS", shown["principal"]), shown["action"], shown["resource"], shown["context"] | carried
    )
    assert evaluate((parse(others, Kind.RESOURCE),), request).verdict is Verdict.ALLOWED
    assert account not in (request.principal.account, shown["context"][CALLER])


@pytest.mark.parametrize(
    "policy",
    [
        Secret(json.dumps(document(f"{WITHIN}*", "s3:*", StringEquals={"aws:Referer": TOKEN}))),
        document(f"{WITHIN}*", "s3:*", StringEquals={"aws:Referer": Secret(TOKEN)}),
        Secret(json.dumps(document(f"{WITHIN}*", "s3:GetObjectTagging"))),
    ],
)
def test_nothing_of_a_secret_policy_of_the_bucket_is_shown(policy: object) -> None:
    behind = R("aws-native:s3:BucketPolicy", bucket="data", policyDocument=policy)
    finding = said(bucket(), behind, front(policy=text("${s3:DataAccessPointArn}/object/*", "s3:*"), arn=UNKNOWN))
    assert finding.witness is None
    assert "GetObjectTagging" not in finding.message
    assert TOKEN not in repr(finding)


def test_request_that_is_told_apart_by_a_secret_policy_is_not_shown() -> None:
    region = {"s3:DataAccessPointArn": f"arn:aws:s3:{TOKEN}:{OWN}:accesspoint/*"}
    shut = R(POLICY, bucket="data", policy=Secret(text("*", "s3:*", {"AWS": OWN}, ArnLike=region)))
    own = text("*", "s3:*", ArnLike={"s3:DataAccessPointArn": "arn:aws:s3:*:*:accesspoint/front"})
    finding = said(bucket(), shut, front(policy=own, arn=UNKNOWN), rule=bucket_opening_behind_block.RULE)
    assert "may s3:GetObject on this access point" in finding.message
    assert finding.witness is None
