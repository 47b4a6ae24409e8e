"""A data platform: each job got a policy that worked the first time, and nobody came back to narrow it."""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id
region = aws.get_region().region


def trusted_by(service: str) -> str:
    return aws.iam.get_policy_document(
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "Service", "identifiers": [f"{service}.amazonaws.com"]}],
                "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": [account]}],
            }
        ]
    ).json


lake = aws.s3.Bucket("lake", bucket="acme-data-lake-dev")
events = aws.dynamodb.Table(
    "events",
    name="events",
    billing_mode="PAY_PER_REQUEST",
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
)
dead_letters = aws.sqs.Queue("dead-letters", name="events-dead-letters", sqs_managed_sse_enabled=True)

# The function that takes events in: "it needs DynamoDB and the queue".
ingest = aws.iam.Role(
    "ingest",
    assume_role_policy=trusted_by("lambda"),
    managed_policy_arns=["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
    inline_policies=[
        {
            "name": "ingest",
            "policy": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"},
                        {"Effect": "Allow", "Action": "firehose:*", "Resource": "*"},
                        {
                            "Effect": "Allow",
                            "Action": "sqs:SendMessage",
                            "Resource": f"arn:aws:sqs:{region}:{account}:events-dead-letters",
                        },
                    ],
                }
            ),
        }
    ],
)

# The nightly export reads one table and one password, and may read all of them.
export = aws.iam.Role("export", assume_role_policy=trusted_by("glue"))
aws.iam.RolePolicy(
    "export",
    role=export.id,
    policy=aws.iam.get_policy_document_output(
        statements=[
            {"sid": "Tables", "actions": ["dynamodb:Scan", "dynamodb:Query"], "resources": ["*"]},
            {"sid": "WarehousePassword", "actions": ["secretsmanager:GetSecretValue"], "resources": ["*"]},
            {
                "sid": "Results",
                "actions": ["s3:PutObject"],
                "resources": [lake.arn.apply(lambda arn: f"{arn}/exports/*")],
            },
        ]
    ).json,
)

# Analysts query the lake, whose objects several keys encrypt.
analysts = aws.iam.Group("analysts", name="analysts")
aws.iam.GroupPolicy(
    "analysts-read-the-lake",
    group=analysts.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(lake.arn, "/curated/*")},
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": lake.arn},
        ],
    },
)

# The clean-up job deletes what the tests leave behind, wherever that is.
cleanup = aws.iam.Role("cleanup", assume_role_policy=trusted_by("lambda"))
cleanup_policy = aws.iam.Policy(
    "cleanup",
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["dynamodb:DeleteTable", "kinesis:DeleteStream", "sqs:DeleteQueue"],
                    "Resource": "*",
                },
                {"Effect": "Allow", "Action": ["dynamodb:ListTables", "kinesis:ListStreams"], "Resource": "*"},
            ],
        }
    ),
)
# The copies for disaster recovery are shared with the other account, snapshot by snapshot.
recovery_policy = aws.iam.Policy(
    "recovery",
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": ["ec2:DescribeSnapshots", "ec2:ModifySnapshotAttribute"],
                "Resource": "*",
            },
        }
    ),
)
recovery = aws.iam.Role("recovery", assume_role_policy=trusted_by("lambda"))
aws.iam.RolePolicyAttachment("cleanup", role=cleanup.name, policy_arn=cleanup_policy.arn)
aws.iam.PolicyAttachment("recovery", name="recovery", roles=[recovery.name], policy_arn=recovery_policy.arn)

# Engineers may do "everything in the sandbox" and "anything but people and bills".
engineers = aws.iam.Group("engineers", name="data-engineers")
aws.iam.GroupPolicy(
    "engineers",
    group=engineers.name,
    policy=aws.iam.get_policy_document(
        statements=[
            {
                "sid": "Sandbox",
                "actions": ["*"],
                "resources": ["arn:aws:s3:::acme-data-sandbox", "arn:aws:s3:::acme-data-sandbox/*"],
            },
            {
                "sid": "AnythingButIdentities",
                "actions": ["*"],
                "not_resources": ["arn:aws:iam::*:*"],
            },
        ]
    ).json,
)
leads = aws.iam.Group("leads", name="data-leads")
aws.iam.GroupPolicy(
    "leads",
    group=leads.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "WarehouseButNotItsUsers",
                "Effect": "Allow",
                "NotAction": ["iam:*", "sts:*", "organizations:*", "account:*", "aws-portal:*"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:RequestedRegion": region}},
            }
        ],
    },
)

# What the vendor of the notebooks asks for in its installation guide.
notebooks = aws.iam.Role("notebooks", assume_role_policy=trusted_by("sagemaker"))
aws.iam.RolePolicyAttachment(
    "notebooks", role=notebooks.name, policy_arn="arn:aws:iam::aws:policy/AWSLakeFormationDataAdmin"
)
aws.iam.RolePolicyAttachment(
    "notebooks-athena", role=notebooks.name, policy_arn="arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
)

pulumi.export("lake", lake.bucket)
