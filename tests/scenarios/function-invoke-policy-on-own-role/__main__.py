"""A function whose role may invoke the function."""

import json

import pulumi
import pulumi_aws as aws

region = aws.get_region().region
account = aws.get_caller_identity().account_id
function_arn = f"arn:aws:lambda:{region}:{account}:function:scorer"

role = aws.iam.Role(
    "scorer-role",
    name="scorer",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    },
)
code = pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context):\n    return {'score': 1}\n")})
function = aws.lambda_.Function(
    "scorer", name="scorer", role=role.arn, handler="index.handler", runtime="python3.13", code=code
)

aws.iam.RolePolicy(
    "invoke-scorer",
    role=role.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["lambda:InvokeFunction", "lambda:GetFunction"],
                    "Resource": function_arn,
                }
            ],
        }
    ),
)

pulumi.export("lambda_function_arn", function.arn)
