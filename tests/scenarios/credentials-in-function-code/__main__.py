"""A function whose code brings its settings with it, the partner's password among them."""

import json

import pulumi
import pulumi_aws as aws

trust = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}
role = aws.iam.Role("orders-role", assume_role_policy=json.dumps(trust))
orders = aws.lambda_.Function(
    "orders",
    role=role.arn,
    runtime="python3.12",
    handler="handler.handle",
    code=pulumi.FileArchive("./code"),
)

pulumi.export("orders_arn", orders.arn)
