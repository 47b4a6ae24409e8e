"""Usual identity documents get nothing from the rules on breadth, wide ones one finding a statement, however written."""

import json
import random
from collections.abc import Callable, Mapping, Sequence

import pytest
from rule_tables import R

from policypack.guardrails.aws import actions as table
from policypack.guardrails.aws.invented import needs_of
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Run
from policypack.guardrails.rule import ResourceRule
from policypack.guardrails.rules.precedence import IDENTITY_RULES

ACCOUNT = "402918573664"
REGION = "eu-west-1"
ENABLED = [
    rule
    for rule in RULES
    if rule.id in IDENTITY_RULES and isinstance(rule, ResourceRule) and rule.default_level is not Level.DISABLED
]

Statements = Sequence[Mapping[str, object]]


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def allow(actions: Sequence[str], *resources: str, **conditions: Mapping[str, object]) -> Mapping[str, object]:
    found: dict[str, object] = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources or ("*",))}
    return found | ({"Condition": conditions} if conditions else {})


LOGS = allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])

ORDINARY: Mapping[str, Statements] = {
    "function with logs and one table": [
        LOGS,
        allow(
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            arn("dynamodb", "table/orders"),
            arn("dynamodb", "table/orders/index/*"),
        ),
    ],
    "function in a network": [
        LOGS,
        allow(
            [
                "ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DeleteNetworkInterface",
                "ec2:AssignPrivateIpAddresses",
                "ec2:UnassignPrivateIpAddresses",
            ]
        ),
    ],
    "container execution": [
        allow(
            [
                "ecr:GetAuthorizationToken",
                "ecr:BatchCheckLayerAvailability",
                "ecr:GetDownloadUrlForLayer",
                "ecr:BatchGetImage",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            ]
        )
    ],
    "container task": [
        allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::shop-uploads/*"),
        allow(["s3:ListBucket"], "arn:aws:s3:::shop-uploads"),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], arn("kms", "key/1b2c")),
        allow(["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel"]),
    ],
    "deployer of one prefix": [
        allow(["lambda:UpdateFunctionCode", "lambda:PublishVersion"], arn("lambda", "function:shop-*")),
        allow(["ecs:UpdateService", "ecs:DescribeServices"], arn("ecs", "service/shop/*")),
        allow(["ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition"]),
        allow(
            ["iam:PassRole"],
            f"arn:aws:iam::{ACCOUNT}:role/shop-*",
            StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"},
        ),
    ],
    "auditor": [
        allow(
            [
                "cloudtrail:DescribeTrails",
                "config:Describe*",
                "config:List*",
                "dynamodb:Describe*",
                "ec2:Describe*",
                "iam:Get*",
                "iam:List*",
                "iam:GenerateCredentialReport",
                "kms:Describe*",
                "kms:List*",
                "lambda:List*",
                "logs:GetLogEvents",
                "rds:Describe*",
                "s3:GetBucket*",
                "s3:ListAllMyBuckets",
                "secretsmanager:ListSecrets",
                "sqs:GetQueueAttributes",
                "ssm:DescribeParameters",
            ]
        )
    ],
    "managed instance": [
        allow(
            [
                "ssm:DescribeAssociation",
                "ssm:GetDocument",
                "ssm:GetManifest",
                "ssm:GetParameter",
                "ssm:GetParameters",
                "ssm:ListAssociations",
                "ssm:PutInventory",
                "ssm:PutComplianceItems",
                "ssm:PutConfigurePackageResult",
                "ssm:UpdateAssociationStatus",
                "ssm:UpdateInstanceAssociationStatus",
                "ssm:UpdateInstanceInformation",
            ]
        ),
        allow(["ssmmessages:*", "ec2messages:*"]),
    ],
    "tracing and metrics": [
        allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules"]),
        allow(["cloudwatch:PutMetricData"], StringEquals={"cloudwatch:namespace": "shop"}),
    ],
    "consumer of a queue": [
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arn("sqs", "orders"))
    ],
    "publisher": [allow(["sns:Publish"], arn("sns", "orders"))],
    "caller of one model": [allow(["bedrock:InvokeModel*"], f"arn:aws:bedrock:{REGION}::foundation-model/one.model")],
    "workflow": [
        allow(["lambda:InvokeFunction"], arn("lambda", "function:work"), arn("lambda", "function:work:*")),
        allow(["logs:CreateLogDelivery", "logs:UpdateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeLogGroups"]),
    ],
    "external secrets of one prefix": [
        allow(
            ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], arn("secretsmanager", "secret:shop/*")
        ),
        allow(["secretsmanager:ListSecrets", "secretsmanager:BatchGetSecretValue"]),
        allow(["ssm:GetParameter*"], arn("ssm", "parameter/shop/*")),
    ],
    "volumes of a cluster": [
        allow(["ec2:DescribeVolumes", "ec2:DescribeInstances"]),
        allow(["ec2:CreateVolume", "ec2:CreateSnapshot"], arn("ec2", "volume/*")),
        allow(["ec2:CreateVolume"], StringLike={"aws:RequestTag/ebs.csi.aws.com/cluster": "true"}),
        allow(["ec2:CreateTags"], arn("ec2", "volume/*"), StringEquals={"ec2:CreateAction": "CreateVolume"}),
        allow(
            ["ec2:DeleteVolume", "ec2:AttachVolume", "ec2:DetachVolume"],
            StringLike={"ec2:ResourceTag/ebs.csi.aws.com/cluster": "true"},
        ),
    ],
    "load balancers of a cluster": [
        allow(["ec2:CreateSecurityGroup"]),
        allow(
            ["ec2:CreateTags"], arn("ec2", "security-group/*"), StringEquals={"ec2:CreateAction": "CreateSecurityGroup"}
        ),
        allow(
            ["ec2:AuthorizeSecurityGroupIngress", "elasticloadbalancing:ModifyTargetGroup"],
            Null={"aws:ResourceTag/elbv2.k8s.aws/cluster": "false"},
        ),
        allow(
            ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
            Null={"aws:RequestTag/elbv2.k8s.aws/cluster": "false"},
        ),
    ],
    "instances of containers": [
        allow(["ecs:Poll", "ecs:StartTelemetrySession", "ecs:SubmitTaskStateChange", "ecs:RegisterContainerInstance"])
    ],
    "settings and training": [
        allow(
            ["appconfig:StartConfigurationSession", "appconfig:GetLatestConfiguration"],
            arn("appconfig", "application/*"),
        ),
        allow(["sagemaker:CreateTrainingJob"], arn("sagemaker", "training-job/*")),
        allow(["sns:CreateTopic"]),
    ],
    "artifacts of pipelines in other accounts": [
        allow(["s3:GetObject*", "s3:PutObject*"], StringNotEquals={"s3:ResourceAccount": ACCOUNT}),
    ],
    "scaling of a cluster": [
        allow(["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeLaunchTemplateVersions"]),
        allow(
            ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
            StringEquals={"aws:ResourceTag/k8s.io/cluster-autoscaler/shop": "owned"},
        ),
    ],
    "certificates of one zone": [
        allow(["route53:GetChange"], "arn:aws:route53:::change/*"),
        allow(
            ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"], "arn:aws:route53:::hostedzone/Z1"
        ),
        allow(["route53:ListHostedZonesByName"]),
    ],
    "certificates of whatever zone": [
        {
            **allow(["route53:ChangeResourceRecordSets"], "arn:aws:route53:::hostedzone/*"),
            "Condition": {"ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]}},
        }
    ],
    "operator of one vault": [
        allow(["backup:StartBackupJob", "backup:ListRecoveryPointsByBackupVault"], arn("backup", "backup-vault:shop")),
        allow(["backup:ListBackupVaults", "tag:GetResources"]),
    ],
    "own second factor": [
        allow(["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"], "arn:aws:iam::*:mfa/*"),
        allow(["iam:ChangePassword", "iam:CreateAccessKey"], "arn:aws:iam::*:user/${aws:username}"),
        allow(["iam:ListVirtualMFADevices", "iam:GetAccountPasswordPolicy"]),
    ],
    "state of a pipeline": [
        allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::state/shop/*"),
        allow(["s3:ListBucket"], "arn:aws:s3:::state", StringLike={"s3:prefix": "shop/*"}),
        allow(["sts:AssumeRole"], "arn:aws:iam::*:role/deploy-shop"),
    ],
    "builds": [
        LOGS,
        allow(["ec2:CreateNetworkInterface", "ec2:DescribeSubnets", "ec2:CreateNetworkInterfacePermission"]),
        allow(["codebuild:CreateReport", "codebuild:UpdateReport"], arn("codebuild", "report-group/shop-*")),
        allow(["ecr:GetAuthorizationToken"]),
        allow(["ecr:PutImage", "ecr:UploadLayerPart"], arn("ecr", "repository/shop")),
    ],
    "decryption through one service": [
        allow(["kms:Decrypt"], StringEquals={"kms:ViaService": f"s3.{REGION}.amazonaws.com"}),
        allow(["kms:CreateGrant"], Bool={"kms:GrantIsForAWSResource": "true"}),
    ],
}

# What is wide, and the rule that speaks of it.
WIDE: Mapping[str, tuple[str, str, Statements]] = {
    "all but iam": ("every-action-granted", "high", [allow(["*"], "arn:aws:s3:::data/*")]),
    "vault permissions": ("permissions-management-on-every-resource", "high", [allow(["backup:*"])]),
    "roles to services": ("pass-role-to-any-role", "high", [allow(["iam:PassRole", "ec2:StopInstances"])]),
    "secrets": (
        "credentials-readable-on-every-resource",
        "high",
        [allow(["secretsmanager:GetSecretValue", "kms:Decrypt", "s3:GetObject"])],
    ),
    "objects": ("object-access-on-every-bucket", "high", [allow(["s3:GetObject", "dynamodb:Scan"])]),
    "keys": ("decrypt-with-every-key", "medium", [allow(["kms:Decrypt", "sqs:ReceiveMessage"])]),
    "tables": ("data-readable-on-every-resource", "medium", [allow(["dynamodb:Scan", "dynamodb:PutItem"])]),
    "all of a service": ("whole-service-granted", "medium", [allow(["firehose:*"])]),
    "stopping": ("write-on-every-resource", "medium", [allow(["ec2:StopInstances", "ec2:DescribeInstances"])]),
    "own bucket": ("whole-service-granted", "low", [allow(["s3:*"], "arn:aws:s3:::data", "arn:aws:s3:::data/*")]),
}


def judge(statements: Statements) -> list[Judged]:
    policy = R("aws:iam/policy:Policy", policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    scene = Scene([policy], Run())
    return order(one for rule in ENABLED for one in judge_resource(default_policy(rule), policy, scene))


def listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def recased(statements: Statements) -> Statements:
    return [{**each, "Action": [one.swapcase() for one in listed(each["Action"])]} for each in statements]


def globbed(statements: Statements) -> Statements:
    """The last letter of each action as `?`, or one more `*`."""

    def glob(action: str) -> str:
        return f"{action}*" if action.endswith("*") else f"{action[:-1]}?"

    return [{**each, "Action": [glob(one) for one in listed(each["Action"])]} for each in statements]


def reordered(statements: Statements) -> Statements:
    dice = random.Random(6)
    mixed = [
        dict(dice.sample(sorted(each.items()), len(each)))
        | {"Action": listed(each["Action"])[::-1], "Resource": listed(each["Resource"])[::-1]}
        for each in statements
    ]
    return mixed[::-1]


def split_over_resources(statements: Statements) -> Statements:
    return [{**each, "Resource": one} for each in statements for one in listed(each["Resource"])]


VARIANTS: Mapping[str, Callable[[Statements], Statements]] = {
    "as-it-is": lambda statements: statements,
    "re-cased": recased,
    "globbed": globbed,
    "reordered": reordered,
    "split": split_over_resources,
}
every_variant = pytest.mark.parametrize("variant", VARIANTS)


@every_variant
@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_identity_gets_nothing(name: str, variant: str) -> None:
    assert [(one.rule.id, one.message) for one in judge(VARIANTS[variant](ORDINARY[name]))] == []


@every_variant
@pytest.mark.parametrize("name", WIDE)
def test_a_wide_statement_is_one_finding_of_the_highest_meaning(name: str, variant: str) -> None:
    rule, severity, statements = WIDE[name]
    found = judge([LOGS, *VARIANTS[variant](statements)])
    assert {(one.rule.id, one.severity.value, one.outcome.value) for one in found} == {(rule, severity, "violation")}
    assert len(found) == 1 or variant == "split"
    assert all(one.witness is not None and one.fix for one in found)


def test_each_statement_is_a_cause_of_its_own() -> None:
    found = judge([allow(["kms:Decrypt"]), LOGS, allow(["sqs:DeleteQueue"])])
    assert [(one.rule.id, one.path) for one in found] == [
        ("decrypt-with-every-key", "policy.Statement[0]"),
        ("write-on-every-resource", "policy.Statement[2]"),
    ]


def test_an_administrator_is_one_finding_for_the_whole_document() -> None:
    found = judge([allow(["s3:GetObject"]), allow(["*"])])
    assert [one.rule.id for one in found] == ["administrator-access"]


def test_what_is_denied_on_everything_else_is_not_wide() -> None:
    own = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]
    denied = {"Effect": "Deny", "Action": "s3:*", "NotResource": own}
    assert judge([allow(["s3:GetObject", "s3:PutObject"]), denied]) == []


def test_a_fix_names_the_narrower_grant() -> None:
    (found,) = judge([allow(["dynamodb:Scan"])])
    assert found.fix == 'Name what it is for: "Resource": "arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE_NAME".'


FIXES: Mapping[str, tuple[Statements, str]] = {
    "what works on nothing keeps its statement": (
        [allow(["ecr:GetAuthorizationToken", "ecr:PutImage", "ecr:UploadLayerPart"])],
        (
            'Give ecr:PutImage and ecr:UploadLayerPart a statement of their own with "Resource": '
            '"arn:aws:ecr:REGION:ACCOUNT:repository/REPOSITORY_NAME".'
        ),
    ),
    "ids that nobody knows": (
        [allow(["ec2:DeleteSecurityGroup"])],
        'AWS gives out the ids, so ask for a tag: "Condition": {"StringEquals": {"aws:ResourceTag/KEY": "VALUE"}}.',
    ),
    "objects as they are written": (
        [allow(["s3:GetObject"])],
        'Name what it is for: "Resource": "arn:aws:s3:::BUCKET_NAME/*".',
    ),
    "by a wildcard": (
        [allow(["sqs:Purge*", "s3:GetBucketLocation"])],
        (
            'Give sqs:Purge* a statement of its own with "Resource": "arn:aws:sqs:REGION:ACCOUNT:QUEUE_NAME". '
            "List the actions in place of sqs:Purge*."
        ),
    ),
}


@pytest.mark.parametrize("name", FIXES)
def test_a_fix_leaves_the_rest_of_the_statement_as_it_is(name: str) -> None:
    statements, fix = FIXES[name]
    (found,) = judge(statements)
    assert found.fix == fix


def test_a_message_names_what_not_resource_leaves_out() -> None:
    (found,) = judge([{"Effect": "Allow", "Action": "sqs:PurgeQueue", "NotResource": arn("sqs", "billing-*")}])
    assert found.message.startswith(f"sqs:PurgeQueue is allowed on every queue but {arn('sqs', 'billing-*')}, so")


def test_the_resource_that_most_people_mean_comes_first() -> None:
    action = table.action("ssm:StartSession")
    assert action is not None
    ((first, *_),) = needs_of(action)
    assert ":instance/" in first


MESSAGES: Mapping[str, tuple[Statements, str]] = {
    "sign-ins": ([allow(["rds-db:connect"])], "so its holder gets into all of them"),
    "stored ones": (
        [allow(["secretsmanager:GetSecretValue"])],
        "so its holder reads the credentials of everything else",
    ),
    "all but some": (
        [{"Effect": "Allow", "NotAction": ["iam:*", "sts:*", "organizations:*"], "Resource": "*"}],
        "services but iam:*, sts:*, organizations:*, on the whole account",
    ),
    "one table of a service": ([allow(["dynamodb:*"], arn("dynamodb", "table/orders"))], "are named on"),
    "several statements": (
        [allow([f"firehose:{letter}*"]) for letter in "LDPSTUC"],
        "on every resource, together with Statement[",
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_says_what_the_holder_gets(name: str) -> None:
    statements, said = MESSAGES[name]
    assert any(said in one.message for one in judge(statements)), [one.message for one in judge(statements)]
