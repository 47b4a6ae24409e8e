"""Twenty roles that most accounts have, each with what its work needs and no more."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

ACCOUNT = pulumi.Config().require("account")
REGION = "eu-west-1"
HERE = f"{REGION}:{ACCOUNT}"
MANAGED = "arn:aws:iam::aws:policy"


def allow(actions: list[str], resources: Any, **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **condition}


def when(**operators: Any) -> dict[str, Any]:
    return {"Condition": operators}


def trusted_by(service: str, **condition: Any) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": f"{service}.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    **condition,
                }
            ],
        }
    )


OWN_ACCOUNT = when(StringEquals={"aws:SourceAccount": ACCOUNT})


def role(name: str, trust: str, statements: Sequence[dict[str, Any]] = (), managed: Sequence[str] = ()) -> aws.iam.Role:
    made = aws.iam.Role(name, name=name, assume_role_policy=trust)
    if statements:
        policy = aws.iam.Policy(name, policy={"Version": "2012-10-17", "Statement": list(statements)})
        aws.iam.RolePolicyAttachment(name, role=made.name, policy_arn=policy.arn)
    for each in managed:
        aws.iam.RolePolicyAttachment(f"{name}-{each.rsplit('/')[-1]}", role=made.name, policy_arn=f"{MANAGED}/{each}")
    return made


table = f"arn:aws:dynamodb:{HERE}:table/orders"
queue = f"arn:aws:sqs:{HERE}:orders"
topic = f"arn:aws:sns:{HERE}:orders"
bucket = "arn:aws:s3:::acme-orders"
key = f"arn:aws:kms:{HERE}:key/6f1f5b0a-3f6d-4b7a-9a53-2f1c3c0f8d11"

# 1: a function with logs, traces and one table.
role(
    "orders-api",
    trusted_by("lambda"),
    [
        allow(
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"],
            [table, f"{table}/index/*"],
        ),
        allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "cloudwatch:PutMetricData"], "*"),
    ],
    ["service-role/AWSLambdaBasicExecutionRole"],
)
# 2: a function in a network that reads a queue.
role(
    "orders-worker",
    trusted_by("lambda"),
    [
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue),
        allow(["s3:GetObject", "s3:PutObject"], f"{bucket}/incoming/*"),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], key),
    ],
    ["service-role/AWSLambdaVPCAccessExecutionRole"],
)
# 3 and 4: a container: what starts it, and what it may do itself.
role(
    "web-execution",
    trusted_by("ecs-tasks"),
    [allow(["secretsmanager:GetSecretValue"], f"arn:aws:secretsmanager:{HERE}:secret:web/*")],
    ["service-role/AmazonECSTaskExecutionRolePolicy"],
)
role(
    "web-task",
    trusted_by("ecs-tasks", **OWN_ACCOUNT),
    [
        allow(["s3:ListBucket"], bucket),
        allow(["s3:GetObject"], f"{bucket}/assets/*"),
        allow(["sns:Publish"], topic),
        allow(["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel"], "*"),
        allow(["ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"], "*"),
    ],
)
# 5: a deployment from continuous integration, scoped to the prefix of one application.
role(
    "orders-deployer",
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                        "token.actions.githubusercontent.com:sub": "repo:acme/orders:ref:refs/heads/main",
                    }
                },
            },
        }
    ),
    [
        allow(
            ["lambda:GetFunction", "lambda:UpdateFunctionCode", "lambda:PublishVersion"],
            f"arn:aws:lambda:{HERE}:function:orders-*",
        ),
        allow(["s3:PutObject", "s3:GetObject", "s3:DeleteObject"], f"{bucket}/releases/orders/*"),
        allow(
            ["iam:PassRole"],
            f"arn:aws:iam::{ACCOUNT}:role/orders-*",
            **when(StringEquals={"iam:PassedToService": "lambda.amazonaws.com"}),
        ),
        allow(["ecr:GetAuthorizationToken"], "*"),
        allow(
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:PutImage",
                "ecr:InitiateLayerUpload",
                "ecr:UploadLayerPart",
                "ecr:CompleteLayerUpload",
            ],
            f"arn:aws:ecr:{HERE}:repository/orders",
        ),
    ],
)
# 6: a reader of settings for audits.
role(
    "auditor",
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::515872064189:role/auditing"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": "acme-7d2f", "aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            },
        }
    ),
    [
        allow(
            ["iam:Get*", "iam:List*", "ec2:Describe*", "s3:GetBucket*", "s3:ListAllMyBuckets", "cloudtrail:Describe*"],
            "*",
        ),
        allow(["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListKeys", "lambda:List*", "rds:Describe*"], "*"),
    ],
    ["SecurityAudit"],
)
# 7: an instance under Systems Manager.
role("bastion", trusted_by("ec2"), [], ["AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"])
# 8: flow logs of a network.
role(
    "flow-logs",
    trusted_by("vpc-flow-logs", **OWN_ACCOUNT),
    [
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:{HERE}:log-group:/vpc/flow:*"),
        allow(["logs:DescribeLogGroups", "logs:DescribeLogStreams"], "*"),
    ],
)
# 9: a state machine that calls one function.
role(
    "orders-flow",
    trusted_by("states", **OWN_ACCOUNT),
    [
        allow(["lambda:InvokeFunction"], f"arn:aws:lambda:{HERE}:function:orders-step"),
        allow(
            [
                "logs:CreateLogDelivery",
                "logs:GetLogDelivery",
                "logs:UpdateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:ListLogDeliveries",
            ],
            "*",
        ),
    ],
)
# 10: a schedule that starts that machine.
role(
    "orders-nightly",
    trusted_by("scheduler", **OWN_ACCOUNT),
    [allow(["states:StartExecution"], f"arn:aws:states:{HERE}:stateMachine:orders-flow")],
)
# 11: a build.
role(
    "orders-build",
    trusted_by("codebuild", **OWN_ACCOUNT),
    [
        allow(
            ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            f"arn:aws:logs:{HERE}:log-group:/aws/codebuild/orders*",
        ),
        allow(["s3:GetObject", "s3:PutObject", "s3:GetObjectVersion"], f"{bucket}/builds/*"),
        allow(
            [
                "codebuild:CreateReportGroup",
                "codebuild:CreateReport",
                "codebuild:UpdateReport",
                "codebuild:BatchPutTestCases",
            ],
            f"arn:aws:codebuild:{HERE}:report-group/orders-*",
        ),
    ],
)
# 12: copies of a bucket.
role(
    "orders-replication",
    trusted_by("s3", **OWN_ACCOUNT),
    [
        allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], bucket),
        allow(
            ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"], f"{bucket}/*"
        ),
        allow(["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], f"{bucket}-copy/*"),
    ],
)
# 13: a stream into a bucket.
role(
    "orders-archive",
    trusted_by("firehose", **OWN_ACCOUNT),
    [
        allow(
            [
                "s3:AbortMultipartUpload",
                "s3:GetBucketLocation",
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads",
                "s3:PutObject",
            ],
            [bucket, f"{bucket}/archive/*"],
        ),
        allow(
            ["kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards"],
            f"arn:aws:kinesis:{HERE}:stream/orders",
        ),
    ],
)
# 14: monitoring of a database.
role(
    "database-monitoring",
    trusted_by("monitoring.rds", **OWN_ACCOUNT),
    [],
    ["service-role/AmazonRDSEnhancedMonitoringRole"],
)
# 15 and 16: a cluster and its nodes.
role("cluster", trusted_by("eks"), [], ["AmazonEKSClusterPolicy"])
role(
    "nodes",
    trusted_by("ec2"),
    [],
    ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"],
)
# 17: certificates by DNS, for a service account of the cluster.
role(
    "certificates",
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            },
        }
    ),
    [
        allow(["route53:GetChange"], "arn:aws:route53:::change/*"),
        allow(
            ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
            "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
        ),
        allow(["route53:ListHostedZonesByName"], "*"),
    ],
)
# 18: capacity of the cluster, for groups that carry its tag.
role(
    "autoscaler",
    trusted_by("ec2"),
    [
        allow(
            [
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "ec2:DescribeInstanceTypes",
            ],
            "*",
        ),
        allow(
            ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
            "*",
            **when(StringEquals={"aws:ResourceTag/k8s.io/cluster-autoscaler/orders": "owned"}),
        ),
    ],
)
# 19: answers of one model.
role(
    "assistant",
    trusted_by("lambda"),
    [
        allow(
            ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            f"arn:aws:bedrock:{REGION}::foundation-model/amazon.titan-text-express-v1",
        )
    ],
    ["service-role/AWSLambdaBasicExecutionRole"],
)
# 20: backups.
role("backup", trusted_by("backup", **OWN_ACCOUNT), [], ["service-role/AWSBackupServiceRolePolicyForBackup"])
