"""The rules on statements and conditions that do not do what their author meant."""

import json

import pytest
from managed_policies import managed_policies
from rule_tables import ANY_ACCOUNT, ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.aws.dead import Cause, always_met, dead
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.misnomers import misnomers
from policypack.guardrails.findings import Finding
from policypack.guardrails.judge import Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Context, Resource, Run
from policypack.guardrails.rules.least_privilege import (
    action_does_not_exist,
    action_without_its_resource,
    condition_always_met,
    placeholder_account,
    policy_document_rejected,
    role_trust_grants_nothing,
    statement_grants_nothing,
)
from policypack.guardrails.values import UNKNOWN

POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
QUEUE = "aws:sqs/queue:Queue"
OWN = "402918573664"
TABLE = f"arn:aws:dynamodb:eu-west-1:{OWN}:table/orders"


def doc(*statements: dict[str, object]) -> str:
    full = [{"Effect": "Allow", **statement} for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": full})


def policy(action: object, resource: object = "*", **condition: object) -> Resource:
    """An identity policy of one statement."""
    statement = {"Action": action, "Resource": resource}
    return R(POLICY, policy=doc({**statement, "Condition": condition} if condition else statement))


def trust(principal: object, action: str = "sts:AssumeRole", **condition: object) -> Resource:
    statement = {"Principal": principal, "Action": action}
    return R(ROLE, assumeRolePolicy=doc({**statement, "Condition": condition} if condition else statement))


def bucket(principal: object, **statement: object) -> Resource:
    whole = {"Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*", **statement}
    return R(BUCKET_POLICY, bucket="data", policy=doc(whole))


FIRST = "policy.Statement[0]"
NOT_A_MISTAKE = "what cannot be read is no sign of a mistake"

test_action_does_not_exist = table(
    action_does_not_exist.RULE,
    [
        Case("fail", "misspelt", policy("s3:GetObjct"), [("violation", f"{FIRST}.Action", "low")]),
        Case(
            "fail", "second-of-two", policy(["S3:getobject", "s3:ListObjects"]), [("violation", f"{FIRST}.Action[1]")]
        ),
        Case("fail", "pattern-of-nothing", policy("ec2:Runn*"), [("violation", f"{FIRST}.Action")]),
        Case("fail", "service-misspelt", policy("dynamdb:GetItem"), [("violation", f"{FIRST}.Action")]),
        Case("fail", "in-trust", trust("*", "sts:AsumeRole"), [("violation", "assumeRolePolicy.Statement[0].Action")]),
        Case(
            "fail",
            "denied",
            R(POLICY, policy=doc({"Effect": "Deny", "NotAction": "iam:GetUsers", "Resource": "*"})),
            [("violation", f"{FIRST}.NotAction")],
        ),
        Case("pass", "listed", policy(["s3:GetObject", "ec2:*Tags", "*:*", "*"])),
        Case("boundary", "in-every-new-topic", policy("SNS:Receive")),
        Case("boundary", "in-a-shared-catalogue", policy("glue:ShareResource")),
        Case("boundary", "service-nobody-lists", policy("entirelynewservice:DoIt")),
        Case("boundary", "wildcard-in-the-service", policy("s*:NoSuchThing")),
        Case("boundary", "partly-unknown", policy([f"s3:{COMPUTED}", f"s3:{ANYTHING}"])),
        Case("not-applicable", "queue", R(QUEUE)),
    ],
    without={"undecided": NOT_A_MISTAKE},
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("s3:GetObjct", "s3:GetObject"),
        ("s3:ListObjectsV2", "s3:ListBucket"),
        ("dynamdb:getitem", "dynamodb:GetItem"),
        ("lamda:Invoke*", "lambda:invoke*"),
        ("s3:Zzzzzzzz", ""),
    ],
)
def test_the_nearest_action_is_suggested(name: str, meant: str) -> None:
    (found,) = misnomers(
        parse({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": name}}, Kind.IDENTITY)
    )
    assert found.meant == meant


def test_the_message_says_what_naming_it_does() -> None:
    (found,) = action_does_not_exist.check(policy("s3:GetObjct"), Context())
    assert found.message.startswith("s3:GetObjct is no action of s3 (as of 20")
    assert found.message.endswith("so naming it grants nothing")
    assert found.fix == 'Write "s3:GetObject" in place of "s3:GetObjct".'


CONDITION = f"{FIRST}.Condition"

test_statement_grants_nothing = table(
    statement_grants_nothing.RULE,
    [
        Case(
            "fail",
            "arn-of-another-service",
            policy("sqs:SendMessage", f"arn:aws:sns:eu-west-1:{OWN}:q"),
            [("violation", f"{FIRST}.Resource", "medium")],
        ),
        Case(
            "fail",
            "arn-malformed",
            policy("s3:ListBucket", f"arn:aws:s3:eu-west-1:{OWN}:data"),
            [("violation", f"{FIRST}.Resource")],
        ),
        Case(
            "fail",
            "action-without-resources",
            policy("s3:ListAllMyBuckets", "arn:aws:s3:::data"),
            [("violation", f"{FIRST}.Resource", "low")],
        ),
        Case(
            "fail",
            "key-of-services-only",
            policy("s3:GetObject", Bool={"aws:PrincipalIsAWSService": "true"}),
            [("violation", f'{CONDITION}.Bool["aws:PrincipalIsAWSService"]')],
        ),
        Case(
            "fail",
            "no-number-is-both",
            policy("s3:ListBucket", NumericLessThan={"s3:max-keys": "9"}, NumericGreaterThan={"s3:max-keys": "99"}),
            [("violation", f'{CONDITION}.NumericLessThan["s3:max-keys"]')],
        ),
        Case(
            "fail",
            "service-with-a-second-factor",
            trust({"Service": "lambda.amazonaws.com"}, Bool={"aws:MultiFactorAuthPresent": "true"}),
            [("violation", 'assumeRolePolicy.Statement[0].Condition.Bool["aws:MultiFactorAuthPresent"]')],
        ),
        Case(
            "fail",
            "other-account-than-the-principal",
            bucket(
                {"AWS": f"arn:aws:iam::{OWN}:role/r"},
                Condition={"StringEquals": {"aws:PrincipalAccount": "418273649152"}},
            ),
            [("violation", f'{CONDITION}.StringEquals["aws:PrincipalAccount"]')],
        ),
        Case(
            "fail",
            "network-as-an-address",
            policy("s3:GetObject", StringEquals={"aws:SourceIp": "10.0.0.0/8"}),
            [("violation", f'{CONDITION}.StringEquals["aws:SourceIp"]')],
        ),
        Case(
            "fail",
            "wildcard-by-its-letters",
            bucket("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-*"}}),
            [("violation", f'{CONDITION}.StringEquals["aws:PrincipalOrgID"]')],
        ),
        Case("boundary", "network", policy("s3:GetObject", IpAddress={"aws:SourceIp": "10.0.0.0/8"})),
        Case(
            "boundary",
            "wildcard-as-one",
            bucket("*", Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:cloudfront::*:distribution/*"}}),
        ),
        Case("pass", "works", policy(["dynamodb:GetItem", "dynamodb:Query"], [TABLE, f"{TABLE}/index/*"])),
        Case(
            "pass",
            "denied-elsewhere",
            R(
                POLICY,
                policy=doc({"Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}),
            ),
        ),
        Case("pass", "service", trust({"Service": "lambda.amazonaws.com"})),
        Case("boundary", "one-of-two-works", policy(["s3:ListBucket", "s3:GetObject"], "arn:aws:s3:::data/*")),
        Case("boundary", "computed-arn", policy("dynamodb:GetItem", COMPUTED)),
        Case("boundary", "computed-account", policy("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ANY_ACCOUNT}:q")),
        Case("boundary", "unknown-arn", policy("dynamodb:GetItem", ANYTHING)),
        Case("boundary", "action-nobody-lists", policy("sqs:NewAction", f"arn:aws:sqs:eu-west-1:{OWN}:q")),
        Case(
            "boundary",
            "tokens-are-judged-elsewhere",
            trust({"Federated": f"arn:aws:iam::{OWN}:oidc-provider/gitlab.com"}, "sts:AssumeRole"),
        ),
        Case("not-applicable", "queue", R(QUEUE)),
    ],
    without={"undecided": NOT_A_MISTAKE},
)

test_action_without_its_resource = table(
    action_without_its_resource.RULE,
    [
        Case(
            "fail",
            "list-on-objects",
            policy(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::data/*"),
            [("violation", f"{FIRST}.Action[1]", "low")],
        ),
        Case(
            "fail",
            "asked-for-on-everything",
            policy(["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], f"arn:aws:ecr:eu-west-1:{OWN}:repository/site"),
            [("violation", f"{FIRST}.Action[0]")],
        ),
        Case(
            "pass",
            "each-on-its-own",
            policy(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]),
        ),
        Case("boundary", "everything", policy(["s3:ListBucket", "sts:GetCallerIdentity"])),
        Case(
            "boundary", "statement-that-grants-nothing", policy(["sqs:SendMessage", "sns:Publish"], "arn:aws:s3:::data")
        ),
        Case("boundary", "pattern", policy(["s3:GetObject", "s3:List*"], "arn:aws:s3:::data/*")),
        Case("boundary", "unknown", policy(["s3:GetObject", "s3:ListBucket"], ANYTHING)),
        Case("not-applicable", "queue", R(QUEUE)),
    ],
    without={"undecided": NOT_A_MISTAKE},
)

test_condition_always_met = table(
    condition_always_met.RULE,
    [
        Case(
            "fail",
            "any-principal",
            policy("s3:GetObject", StringLike={"aws:PrincipalArn": "*"}, Bool={"aws:MultiFactorAuthPresent": "true"}),
            [("violation", f'{CONDITION}.StringLike["aws:PrincipalArn"]', "low")],
        ),
        Case(
            "fail",
            "itself",
            policy("s3:GetObject", StringEquals={"aws:PrincipalAccount": "${aws:PrincipalAccount}"}),
            [("violation", f'{CONDITION}.StringEquals["aws:PrincipalAccount"]')],
        ),
        Case(
            "fail",
            "all-of-nothing",
            policy("ec2:CreateTags", **{"ForAllValues:StringLike": {"aws:TagKeys": "*"}}),
            [("violation", f'{CONDITION}.ForAllValues:StringLike["aws:TagKeys"]')],
        ),
        Case(
            "fail",
            "key-is-there",
            policy("s3:GetObject", Null={"aws:PrincipalArn": "false"}),
            [("violation", f'{CONDITION}.Null["aws:PrincipalArn"]')],
        ),
        Case(
            "fail",
            "either-value",
            bucket("*", Condition={"Bool": {"aws:SecureTransport": ["true", "false"]}}),
            [("violation", f'{CONDITION}.Bool["aws:SecureTransport"]')],
        ),
        Case(
            "fail",
            "every-region",
            trust({"AWS": OWN}, StringLike={"aws:RequestedRegion": "*"}),
            [("violation", 'assumeRolePolicy.Statement[0].Condition.StringLike["aws:RequestedRegion"]')],
        ),
        Case("pass", "tls", bucket("*", Condition={"Bool": {"aws:SecureTransport": "true"}})),
        Case(
            "pass", "own-organization", bucket("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})
        ),
        Case(
            "pass", "passed-to", policy("iam:PassRole", StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"})
        ),
        Case("boundary", "key-may-be-absent", policy("s3:GetObject", StringLike={"aws:PrincipalTag/team": "*"})),
        Case("boundary", "signed-in-at-all", bucket("*", Condition={"Null": {"aws:PrincipalArn": "false"}})),
        Case("boundary", "value-unknown", policy("s3:GetObject", StringLike={"aws:PrincipalArn": ANYTHING})),
        Case(
            "boundary",
            "whom-the-principal-names",
            bucket({"AWS": OWN}, Condition={"StringEquals": {"aws:PrincipalAccount": OWN}}),
        ),
        Case("not-applicable", "no-condition", policy("s3:GetObject")),
    ],
    without={"undecided": NOT_A_MISTAKE},
)

EXAMPLE = "123456789012"

test_placeholder_account = table(
    placeholder_account.RULE,
    [
        Case("fail", "account", bucket({"AWS": EXAMPLE}), [("violation", f"{FIRST}.Principal.AWS", "medium")]),
        Case(
            "fail",
            "role-of-it",
            trust({"AWS": ["arn:aws:iam::402918573664:root", "arn:aws:iam::111122223333:role/ci"]}),
            [("violation", "assumeRolePolicy.Statement[0].Principal.AWS[1]")],
        ),
        Case(
            "fail",
            "resource",
            policy("dynamodb:GetItem", f"arn:aws:dynamodb:eu-west-1:{EXAMPLE}:table/orders"),
            [("violation", f"{FIRST}.Resource")],
        ),
        Case(
            "fail",
            "condition",
            trust({"Service": "events.amazonaws.com"}, StringEquals={"aws:SourceAccount": "999999999999"}),
            [("violation", 'assumeRolePolicy.Statement[0].Condition.StringEquals["aws:SourceAccount"]')],
        ),
        Case("pass", "account-of-somebody", bucket({"AWS": OWN})),
        Case("pass", "denied", bucket({"AWS": EXAMPLE}, Effect="Deny")),
        Case("pass", "computed", bucket({"AWS": ANY_ACCOUNT})),
        Case(
            "boundary",
            "the-stack-lives-there",
            [bucket({"AWS": EXAMPLE}), R(QUEUE, arn=f"arn:aws:sqs:eu-west-1:{EXAMPLE}:jobs")],
        ),
        Case(
            "boundary",
            "used-outside-policies",
            [bucket({"AWS": EXAMPLE}), R(QUEUE, kmsMasterKeyId=f"arn:aws:kms:eu-west-1:{EXAMPLE}:key/k")],
        ),
        Case(
            "boundary",
            "provider-of-tokens-is-judged-elsewhere",
            trust({"Federated": f"arn:aws:iam::{EXAMPLE}:oidc-provider/gitlab.com"}, "sts:AssumeRoleWithWebIdentity"),
        ),
        Case("boundary", "number-in-a-name", policy("s3:GetObject", f"arn:aws:s3:::logs-{EXAMPLE}/*")),
        Case("not-applicable", "queue", R(QUEUE, arn=f"arn:aws:sqs:eu-west-1:{EXAMPLE}:jobs")),
    ],
    without={"undecided": NOT_A_MISTAKE},
)


def found_in(resource: Resource) -> list[Finding]:
    rules = (action_does_not_exist, statement_grants_nothing, action_without_its_resource, condition_always_met)
    return [finding for rule in rules for finding in rule.check(resource, Context())]


@pytest.mark.parametrize(
    "ordinary",
    [
        policy(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:eu-west-1:{OWN}:log-group:/aws/lambda/f:*"),
        policy(["ecr:GetAuthorizationToken", "logs:PutLogEvents", "cloudwatch:PutMetricData", "xray:PutTraceSegments"]),
        policy(["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]),
        policy("iam:PassRole", f"arn:aws:iam::{OWN}:role/site-*", StringEquals={"iam:PassedToService": "lambda.amazonaws.com"}),
        policy(["ssm:GetParameter", "ssm:GetParameters"], f"arn:aws:ssm:eu-west-1:{OWN}:parameter/site/*"),
        policy("kms:Decrypt", f"arn:aws:kms:eu-west-1:{OWN}:key/{COMPUTED}", StringEquals={"kms:ViaService": "s3.eu-west-1.amazonaws.com"}),
        policy("s3:ListBucket", "arn:aws:s3:::site", StringLike={"s3:prefix": ["releases/*"]}),
        policy(["s3:List*", "s3:Get*", "iam:Get*", "iam:List*", "ec2:Describe*"]),
        policy("sts:AssumeRole", "arn:aws:iam::*:role/deploy", StringEquals={"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}),
        policy("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*"),
        trust({"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]}),
        trust({"Service": "events.amazonaws.com"}, StringEquals={"aws:SourceAccount": OWN}, ArnLike={"aws:SourceArn": f"arn:aws:events:*:{OWN}:rule/*"}),
        trust({"AWS": f"arn:aws:iam::{OWN}:root"}, StringEquals={"sts:ExternalId": "b3f"}),
        trust({"AWS": f"arn:aws:iam::{OWN}:root"}, ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/aws-reserved/sso.amazonaws.com/*"}),
        bucket({"Service": "cloudfront.amazonaws.com"}, Condition={"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{OWN}:distribution/E1"}}),
        bucket("*", Effect="Deny", Action="s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        R(POLICY, policy=UNKNOWN),
    ],
    ids=lambda resource: "",
)  # fmt: skip
def test_ordinary_documents_have_none_of_it(ordinary: Resource) -> None:
    assert found_in(ordinary) == []


def test_what_aws_writes_itself_is_dead_only_by_its_resources() -> None:
    """AWS's own policies name retired actions and ARNs that no longer fit, and nothing else of the kind."""
    documents = [parse(each, Kind.IDENTITY) for each in list(managed_policies().values())[::12]]
    assert [found for document in documents for found in always_met(document)] == []
    statements = sum(len(document.statements) for document in documents)
    lifeless = [found for document in documents for found in dead(document)]
    assert {found.cause for found in lifeless} == {Cause.RESOURCE}
    assert len(lifeless) < statements / 40
    unknown = [found for document in documents for found in misnomers(document)]
    assert all(found.listed for found in unknown)
    assert len(unknown) < statements / 50


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (trust({"Service": "ec2.amazonaws.com"}, "sts:AssumeRol"), "role-trust-grants-nothing"),
        (policy("s3:ListBucket", Bool={"aws:SecureTransport": ["true", "false"]}), "policy-document-rejected"),
    ],
    ids=["misspelt-in-trust", "true-and-false"],
)
def test_one_cause_is_one_finding(resource: Resource, expected: str) -> None:
    rules = (action_does_not_exist, condition_always_met, policy_document_rejected, role_trust_grants_nothing)
    rules = [each.RULE for each in (*rules, statement_grants_nothing) if resource.type in each.RULE.types]
    scene = Scene([resource], Run())
    found = [one for rule in rules for one in judge_resource(default_policy(rule), resource, scene)]
    assert [one.rule.id for one in order(found)] == [expected]
