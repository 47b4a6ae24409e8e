"""A function that counts in a table and writes its own logs."""

import json

import pulumi
import pulumi_aws as aws

CODE = "def handler(event, context):\n    return {'statusCode': 200}\n"

table = aws.dynamodb.Table(
    "visits",
    billing_mode="PAY_PER_REQUEST",
    hash_key="page",
    attributes=[aws.dynamodb.TableAttributeArgs(name="page", type="S")],
)
logs = aws.cloudwatch.LogGroup("counter", name="/aws/lambda/counter", retention_in_days=14)
role = aws.iam.Role(
    "counter",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    ),
)
aws.iam.RolePolicy(
    "counter",
    role=role.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"], "Resource": table.arn},
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": pulumi.Output.concat(logs.arn, ":*"),
            },
        ],
    },
)
function = aws.lambda_.Function(
    "counter",
    name="counter",
    role=role.arn,
    runtime="python3.13",
    handler="index.handler",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset(CODE)}),
    environment=aws.lambda_.FunctionEnvironmentArgs(variables={"TABLE": table.name}),
    opts=pulumi.ResourceOptions(depends_on=[logs]),
)

pulumi.export("function_name", function.name)
