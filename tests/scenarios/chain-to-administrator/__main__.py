"""A bot that deploys one function, a function that may assume one role, and that role, which runs the account."""

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id


def allow(actions: list[str], resource: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]}
    )


def trust(principal: dict[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
        }
    )


reports = aws.iam.Role("reports", assume_role_policy=trust({"Service": "lambda.amazonaws.com"}))
keeper = aws.iam.Role("keeper", assume_role_policy=trust({"AWS": reports.arn}))
aws.iam.RolePolicy("keeper", role=keeper.name, policy=allow(["iam:PutRolePolicy", "iam:AttachRolePolicy"], "*"))
aws.iam.RolePolicy("reports", role=reports.name, policy=allow(["sts:AssumeRole"], keeper.arn))
function = aws.lambda_.Function(
    "reports",
    role=reports.arn,
    runtime="python3.13",
    handler="index.handler",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context):\n    return None\n")}),
)
bot = aws.iam.Role("ticket-bot", assume_role_policy=trust({"Service": "ec2.amazonaws.com"}))
aws.iam.RolePolicy(
    "ticket-bot", role=bot.name, policy=allow(["lambda:UpdateFunctionCode", "lambda:GetFunction"], function.arn)
)
