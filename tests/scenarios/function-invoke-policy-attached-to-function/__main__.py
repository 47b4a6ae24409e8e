"""An invoke policy that is attached to the function instead of to its caller."""

import pulumi
import pulumi_aws as aws

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

aws.iam.RolePolicyAttachment(
    "scorer-logs",
    role=role.name,
    policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
)
invoke = aws.iam.Policy(
    "invoke-scorer",
    policy={
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function.arn}],
    },
)
aws.iam.RolePolicyAttachment("invoke-scorer-attached", role=role.name, policy_arn=invoke.arn)

pulumi.export("lambda_function_arn", function.arn)
