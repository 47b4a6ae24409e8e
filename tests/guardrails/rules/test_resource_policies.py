"""Resource policies: where they stand, and who outside may use what they are attached to."""

import json

import pytest

from policypack.guardrails.aws import actions as action_table
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Outcome
from policypack.guardrails.judge import Scene, default_policy, judge_resource, judge_stack, order
from policypack.guardrails.model import Resource, Run, Secret, Stack
from policypack.guardrails.rule import ResourceRule, StackRule
from policypack.guardrails.rules import resource_policies
from policypack.guardrails.rules.least_privilege import resource_policy_open_to_strangers
from policypack.guardrails.rules.resource_policies import (
    ENDPOINT_POLICIES,
    GRANTING_TYPES,
    LAMBDA_PERMISSIONS,
    RESOURCE_POLICY_TYPES,
)
from policypack.guardrails.values import UNKNOWN
from tests.support.rule_tables import ANY_ACCOUNT, ANYTHING, COMPUTED, Case, R, table

QUEUE = "aws:sqs/queuePolicy:QueuePolicy"
TOPIC = "aws:sns/topicPolicy:TopicPolicy"
KEY = "aws:kms/key:Key"
REPOSITORY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
PERMISSION = "aws:lambda/permission:Permission"
BUS_PERMISSION = "aws:cloudwatch/eventPermission:EventPermission"
LAYER_PERMISSION = "aws:lambda/layerVersionPermission:LayerVersionPermission"
DOMAIN = "aws:opensearch/domain:Domain"
QUEUE_ARN = f"arn:aws:sqs:eu-west-1:{ANY_ACCOUNT}:jobs"
OWN_ROOT = {"AWS": f"arn:aws:iam::{ANY_ACCOUNT}:root"}
ROLE = {"AWS": f"arn:aws:iam::{ANY_ACCOUNT}:role/worker"}
AT = "policy.Statement[0].Principal"


def document(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: object, principal: object = "*", resource: str = "*", /, **condition: object) -> dict[str, object]:
    given: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {**given, "Condition": condition} if condition else given


def deny(action: object, /, **condition: object) -> dict[str, object]:
    return {**allow(action, **condition), "Effect": "Deny"}


def queue(*statements: object) -> Resource:
    return R(QUEUE, policy=json.dumps(document(*statements)))


def key(*statements: object) -> Resource:
    return R(KEY, policy=json.dumps(document(*statements)))


def permission(principal: object, /, **given: object) -> Resource:
    return R(PERMISSION, **{"action": "lambda:InvokeFunction", "function": "f", "principal": principal, **given})


SEND = "sqs:SendMessage"

test_resource_policy_open_to_strangers = table(
    resource_policy_open_to_strangers.RULE,
    [
        Case("fail", "send", queue(allow(SEND)), [("violation", AT, "high")]),
        Case("fail", "change-the-policy", queue(allow("sqs:*")), [("violation", AT, "critical")]),
        Case("fail", "list", R(TOPIC, policy=document(allow("sns:ListTagsForResource"))), [("violation", AT, "high")]),
        Case("fail", "list-only", R(REPOSITORY, policy=document(allow("ecr:ListImages"))), [("violation", AT, "low")]),
        Case("fail", "tags", queue(allow("sqs:TagQueue")), [("violation", AT, "medium")]),
        Case("fail", "decrypt", key(allow("kms:Decrypt")), [("violation", AT, "critical")]),
        Case(
            "fail",
            "read-a-secret",
            R("aws:secretsmanager/secret:Secret", policy=document(allow("secretsmanager:GetSecretValue"))),
            [("violation", AT, "critical")],
        ),
        Case("boundary", "list-keys-grants", key(allow("kms:ListGrants")), [("violation", AT, "low")]),
        Case("boundary", "secret-principal", permission(Secret("*")), [("violation", "principal", "high")]),
        Case(
            "fail",
            "of-any-account-by-a-service-of-any-account",
            key(allow("kms:Decrypt", StringEquals={"kms:ViaService": "s3.eu-west-1.amazonaws.com"})),
            [("violation", AT, "critical")],
        ),
        Case(
            "fail",
            "the-worst-of-one-statement-and-each-statement",
            queue(allow(["sqs:ListDeadLetterSourceQueues", SEND]), allow(SEND, ROLE), allow("sqs:AddPermission")),
            [("violation", AT, "high"), ("violation", "policy.Statement[2].Principal", "critical")],
        ),
        Case("fail", "action-nobody-lists", queue(allow("sqs:NewThing")), [("violation", AT, "high")]),
        Case(
            "fail",
            "beside-an-unknown-statement",
            R(QUEUE, policy=document(UNKNOWN, allow(SEND))),
            [
                ("undecided", "policy.Statement[0]", "critical"),
                ("violation", "policy.Statement[1].Principal", "high"),
            ],
        ),
        Case(
            "fail",
            "from-buckets-by-prefix",
            queue(allow(SEND, ArnLike={"aws:SourceArn": "arn:aws:s3:::logs-*"})),
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "role-of-any-account",
            queue(allow(SEND, StringLike={"aws:PrincipalArn": "arn:aws:iam::*:role/x"})),
            [("violation", AT, "high")],
        ),
        Case(
            "fail",
            "not-principal",
            queue({"Effect": "Allow", "NotPrincipal": ROLE, "Action": SEND, "Resource": "*"}),
            [("violation", "policy.Statement[0].NotPrincipal", "high")],
        ),
        Case(
            "fail",
            "secret",
            R(QUEUE, policy=Secret(json.dumps(document(allow(SEND))))),
            [("violation", "policy", "high")],
        ),
        Case("fail", "function", permission("*"), [("violation", "principal", "high")]),
        Case(
            "fail",
            "function-of-a-url-with-sign-in",
            permission("*", action="lambda:InvokeFunctionUrl", functionUrlAuthType="AWS_IAM"),
            [("violation", "principal", "high")],
        ),
        Case("fail", "bus", R(BUS_PERMISSION, principal="*", statementId="s"), [("violation", "principal", "high")]),
        Case(
            "fail",
            "layer",
            R(LAYER_PERMISSION, principal="*", action="lambda:GetLayerVersion"),
            [("violation", "principal", "high")],
        ),
        Case(
            "fail",
            "domain",
            R(DOMAIN, accessPolicies=document(allow("es:ESHttpGet"))),
            [("violation", "accessPolicies.Statement[0].Principal", "high")],
        ),
        Case(
            "boundary",
            "domain-inside-a-network",
            R(DOMAIN, accessPolicies=document(allow("es:ESHttp*")), vpcOptions={"subnetIds": ["subnet-1"]}),
            [("violation", "accessPolicies.Statement[0].Principal", "low")],
        ),
        Case(
            "boundary",
            "data-inside-a-network-by-every-action",
            R(
                DOMAIN,
                accessPolicies=document(allow("es:*", "*", "arn:aws:es:eu-west-1:864209751234:domain/logs/*")),
                vpcOptions={"subnetIds": ["subnet-1"]},
            ),
            [("violation", "accessPolicies.Statement[0].Principal", "low")],
        ),
        Case(
            "boundary",
            "domain-inside-a-network-and-its-configuration",
            R(DOMAIN, accessPolicies=document(allow("es:*")), vpcOptions={"subnetIds": ["subnet-1"]}),
            [("violation", "accessPolicies.Statement[0].Principal", "critical")],
        ),
        Case(
            "boundary",
            "api",
            R("aws:apigateway/restApi:RestApi", policy=document(allow("execute-api:Invoke"))),
            [("violation", AT, "low")],
        ),
        Case(
            "boundary",
            "function-through-a-url",
            permission("*", action="lambda:InvokeFunctionUrl", functionUrlAuthType="NONE"),
            [("violation", "principal", "low")],
        ),
        Case(
            "boundary",
            "function-through-a-url-invoked",
            permission("*", invokedViaFunctionUrl=True),
            [("violation", "principal", "low")],
        ),
        Case(
            "boundary",
            "actions-of-another-service",
            R("aws:ses/identityPolicy:IdentityPolicy", policy=document(allow("iam:CreateUser"))),
        ),
        Case("boundary", "office-network", queue(allow(SEND, IpAddress={"aws:SourceIp": "203.0.113.0/24"}))),
        Case(
            "boundary",
            "denied-outside-the-organization",
            queue(allow(SEND), deny("sqs:*", StringNotEquals={"aws:PrincipalOrgID": "o-1"})),
        ),
        Case("pass", "role", queue(allow("sqs:*", ROLE))),
        Case("pass", "bucket-of-any-spelling", queue(allow(SEND, ArnLike={"aws:SourceArn": "arn:aws:s3:*:*:uploads"}))),
        Case("pass", "computed-source", queue(allow(SEND, ArnLike={"aws:SourceArn": COMPUTED}))),
        Case(
            "pass",
            "key-of-callers-of-one-account",
            key(
                allow(
                    "kms:Decrypt",
                    StringEquals={"kms:CallerAccount": ANY_ACCOUNT, "kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                )
            ),
        ),
        Case("pass", "function-of-an-organization", permission("*", principalOrgId="o-1")),
        Case(
            "pass",
            "layer-of-an-organization",
            R(LAYER_PERMISSION, principal="*", action="lambda:GetLayerVersion", organizationId="o-1"),
        ),
        Case(
            "pass",
            "bus-of-an-organization",
            R(
                BUS_PERMISSION,
                principal="*",
                statementId="s",
                condition={"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-1"},
            ),
        ),
        Case("undecided", "document", R(QUEUE, policy=UNKNOWN), [("undecided", "policy", "critical")]),
        Case(
            "undecided",
            "two-statements-once",
            R(QUEUE, policy=document(UNKNOWN, UNKNOWN)),
            [("undecided", "policy.Statement[0]")],
        ),
        Case(
            "boundary",
            "certain-for-one-stranger-and-doubtful-for-another",
            R(QUEUE, policy=document(allow(SEND, StringNotEquals={"aws:PrincipalOrgID": UNKNOWN}))),
            [("violation", AT)],
        ),
        Case("undecided", "principal", permission(UNKNOWN), [("undecided", "principal")]),
        Case("undecided", "principal-of-missing-configuration", permission(ANYTHING), [("undecided", "principal")]),
        Case("undecided", "organization", permission("*", principalOrgId=UNKNOWN), [("undecided", "principalOrgId")]),
        Case(
            "undecided",
            "condition-of-a-bus",
            R(BUS_PERMISSION, principal="*", statementId="s", condition=UNKNOWN),
            [("undecided", "condition")],
        ),
        Case("not-applicable", "no-policy", R("aws:sqs/queue:Queue", name="jobs")),
        Case("not-applicable", "endpoint", R("aws:ec2/vpcEndpoint:VpcEndpoint", policy=document(allow("*")))),
    ],
)

# One action on the resource of each service that its own principals may be granted.
ACTIONS = {
    "acm-pca": "acm-pca:IssueCertificate",
    "aps": "aps:RemoteWrite",
    "backup": "backup:CopyIntoBackupVault",
    "bedrock-agentcore": "bedrock-agentcore:InvokeAgentRuntime",
    "cloudsearch": "cloudsearch:search",
    "codeartifact": "codeartifact:ReadFromRepository",
    "codebuild": "codebuild:BatchGetProjects",
    "dsql": "dsql:DbConnect",
    "dynamodb": "dynamodb:GetItem",
    "ecr": "ecr:BatchGetImage",
    "ecr-public": "ecr-public:PutImage",
    "elasticfilesystem": "elasticfilesystem:ClientMount",
    "es": "es:ESHttpGet",
    "events": "events:PutEvents",
    "execute-api": "execute-api:Invoke",
    "glacier": "glacier:DeleteArchive",
    "glue": "glue:GetTable",
    "kafka": "kafka:CreateVpcConnection",
    "kinesis": "kinesis:PutRecord",
    "kms": "kms:Decrypt",
    "lambda": "lambda:InvokeFunction",
    "logs": "logs:PutSubscriptionFilter",
    "mediastore": "mediastore:GetObject",
    "network-firewall": "network-firewall:ListFirewallPolicies",
    "oam": "oam:CreateLink",
    "organizations": "organizations:DescribePolicy",
    "osis": "osis:Ingest",
    "redshift": "redshift:AuthorizeInboundIntegration",
    "redshift-serverless": "redshift-serverless:RestoreFromSnapshot",
    "s3": "s3:GetDataAccess",
    "s3files": "s3files:ClientMount",
    "sagemaker": "sagemaker:DescribeModelPackage",
    "schemas": "schemas:DescribeSchema",
    "secretsmanager": "secretsmanager:GetSecretValue",
    "ses": "ses:SendEmail",
    "signer": "signer:StartSigningJob",
    "sms-voice": "sms-voice:SendTextMessage",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "vpc-lattice": "vpc-lattice:CreateServiceNetworkServiceAssociation",
    "vpc-lattice-svcs": "vpc-lattice-svcs:Invoke",
    "xray": "xray:PutTraceSegments",
}


@pytest.mark.parametrize("type_", RESOURCE_POLICY_TYPES)
def test_every_type_is_read(type_: str) -> None:
    """A document that admits everyone is seen in each type, as text and as object, and a closed one says nothing."""
    place = resource_policies._PLACES[type_]
    action = ACTIONS[place.services[0]]
    assert action_table.action(action) is not None
    wide, narrow = document(allow(action)), document(allow(action, ROLE))
    policy = default_policy(resource_policy_open_to_strangers.RULE)
    for given, expected in ((wide, 1), (json.dumps(wide), 1), (narrow, 0), (json.dumps(narrow), 0)):
        resource = R(type_, **{place.property: given})
        found = list(judge_resource(policy, resource, Scene([resource], Run())))
        assert len(found) == expected
        assert all(one.outcome is Outcome.VIOLATION for one in found)


def test_types_are_read_once_and_by_one_rule() -> None:
    assert len(set(GRANTING_TYPES)) == len(GRANTING_TYPES)
    assert not set(GRANTING_TYPES) & set(ENDPOINT_POLICIES)
    assert set(LAMBDA_PERMISSIONS) < set(GRANTING_TYPES)
    assert not [each for each in RESOURCE_POLICY_TYPES if each.startswith("aws:iam/")]


@pytest.mark.parametrize("type_", ["aws:sqs/queue:Queue", "aws:ec2/vpcEndpoint:VpcEndpoint"])
def test_a_policy_that_nobody_gave_is_not_judged(type_: str) -> None:
    reported = Resource(
        urn=f"urn:pulumi:dev::p::{type_}::q",
        type=type_,
        name="q",
        properties={"policy": UNKNOWN},
        inputs={"name": "q"},
    )
    read = resource_policies.endpoint_policies if type_ in ENDPOINT_POLICIES else resource_policies.grants
    assert read(reported) == ()


SERVICE_CALL = {"aws:SourceAccount": ANY_ACCOUNT}
ORDINARY = {
    "uploads notify a queue": queue(
        allow(SEND, {"Service": "s3.amazonaws.com"}, QUEUE_ARN, ArnLike={"aws:SourceArn": "arn:aws:s3:::uploads"})
    ),
    "uploads notify a queue, in the old way": queue(
        allow(SEND, "*", QUEUE_ARN, ArnEquals={"aws:SourceArn": "arn:aws:s3:::uploads"})
    ),
    "a topic feeds a queue": queue(
        allow(
            SEND,
            {"Service": "sns.amazonaws.com"},
            QUEUE_ARN,
            ArnEquals={"aws:SourceArn": f"arn:aws:sns:eu-west-1:{ANY_ACCOUNT}:orders"},
        )
    ),
    "alarms go to a topic": R(
        TOPIC,
        policy=document(
            allow("sns:Publish", {"Service": "cloudwatch.amazonaws.com"}, StringEquals=SERVICE_CALL),
            allow(
                ["sns:GetTopicAttributes", "sns:Publish", "sns:Subscribe"],
                {"AWS": "*"},
                StringEquals={"aws:SourceOwner": ANY_ACCOUNT},
            ),
        ),
    ),
    "a key for the account and one service": key(
        allow("kms:*", OWN_ROOT),
        allow(
            ["kms:Decrypt", "kms:GenerateDataKey*"],
            {"AWS": "*"},
            StringEquals={"kms:CallerAccount": ANY_ACCOUNT, "kms:ViaService": "s3.eu-west-1.amazonaws.com"},
        ),
        allow(["kms:Decrypt", "kms:DescribeKey"], ROLE),
        allow("kms:CreateGrant", ROLE, Bool={"kms:GrantIsForAWSResource": "true"}),
        allow(
            ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"],
            {"Service": "logs.eu-west-1.amazonaws.com"},
            ArnLike={"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-west-1:{ANY_ACCOUNT}:*"},
        ),
    ),
    "images for a role of the organization": R(
        REPOSITORY,
        policy=document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::402918573664:role/deployer"},
                "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
            }
        ),
    ),
    "a schedule calls a function": permission(
        "events.amazonaws.com", sourceArn=f"arn:aws:events:eu-west-1:{ANY_ACCOUNT}:rule/nightly"
    ),
    "an API calls a function": permission(
        "apigateway.amazonaws.com", sourceArn=f"arn:aws:execute-api:eu-west-1:{ANY_ACCOUNT}:{COMPUTED}/*/*"
    ),
    "an API with a computed ARN calls a function": permission("apigateway.amazonaws.com", sourceArn=f"{COMPUTED}/*/*"),
    "uploads call a function": permission(
        "s3.amazonaws.com", sourceArn="arn:aws:s3:::uploads", sourceAccount=ANY_ACCOUNT
    ),
    "a log group calls a function": permission(
        "logs.amazonaws.com", sourceArn=f"arn:aws:logs:eu-west-1:{ANY_ACCOUNT}:log-group:/app:*"
    ),
    "a role calls a function": permission(f"arn:aws:iam::{ANY_ACCOUNT}:role/caller"),
    "a file system for those who mount it": R(
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        policy=document(
            allow(
                ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                {"AWS": "*"},
                Bool={"elasticfilesystem:AccessedViaMountTarget": "true"},
            ),
            deny("*", Bool={"aws:SecureTransport": "false"}),
        ),
    ),
    "a queue that wants TLS": queue(
        allow([SEND, "sqs:ReceiveMessage"], ROLE, QUEUE_ARN), deny("sqs:*", Bool={"aws:SecureTransport": "false"})
    ),
    "DNS queries to a log group": R(
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        policyName="dns",
        policyDocument=json.dumps(
            document(
                allow(
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    {"Service": "route53.amazonaws.com"},
                    f"arn:aws:logs:us-east-1:{ANY_ACCOUNT}:log-group:/dns/*",
                )
            )
        ),
    ),
    "a secret for one role": R(
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        policy=document(
            allow("secretsmanager:GetSecretValue", ROLE),
            deny("secretsmanager:*", StringNotEquals={"aws:PrincipalAccount": ANY_ACCOUNT}),
        ),
    ),
    "a private API": R(
        "aws:apigateway/restApiPolicy:RestApiPolicy",
        policy=document(
            allow("execute-api:Invoke", "*", "execute-api:/*"),
            {
                **deny("execute-api:Invoke", StringNotEquals={"aws:SourceVpce": "vpce-0123"}),
                "Resource": "execute-api:/*",
            },
        ),
    ),
    "a search domain for one role": R(DOMAIN, accessPolicies=document(allow("es:ESHttp*", ROLE))),
    "a vault that nothing leaves": R(
        "aws:backup/vaultPolicy:VaultPolicy", policy=document(deny("backup:DeleteRecoveryPoint"))
    ),
    "an endpoint as AWS makes it": R("aws:ec2/vpcEndpoint:VpcEndpoint", policy=document(allow("*"))),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_policies_get_nothing(name: str) -> None:
    resource = ORDINARY[name]
    scene = Scene([resource], Run())
    found = []
    for rule in RULES:
        if rule.concern is not Concern.LEAST_PRIVILEGE or rule.default_level.value == "disabled":
            continue
        if isinstance(rule, ResourceRule) and (not rule.types or resource.type in rule.types):
            found += judge_resource(default_policy(rule), resource, scene)
        elif isinstance(rule, StackRule):
            found += judge_stack(default_policy(rule), Stack([resource]), scene)
    assert [(one.rule.id, one.path, one.message) for one in order(found)] == []
