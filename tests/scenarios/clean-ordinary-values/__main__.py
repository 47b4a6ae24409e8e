"""A function that reads its credentials where they are kept, and whose settings have names that sound like them."""

import base64

import pulumi
import pulumi_aws as aws

COMMIT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"

database = aws.secretsmanager.Secret("database", description="Password of the order database", tags={"commit": COMMIT})
role = aws.iam.Role(
    "orders",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    },
)
aws.lambda_.Function(
    "orders",
    role=role.arn,
    runtime="python3.12",
    handler="orders.handler",
    s3_bucket="orders-releases",
    s3_key=f"{COMMIT}/orders.zip",
    description="Trades a token for an order",
    environment={
        "variables": {
            "DB_SECRET_ARN": database.arn,
            "DB_URL": "postgres://orders@orders.internal:5432/orders",
            "TOKEN_URL": "https://login.acme.example/oauth2/token",
            "TOKEN_TYPE": "Bearer",
            "TOKEN_TTL": "3600",
            "PASSWORD_MIN_LENGTH": "16",
            "API_KEY_PARAMETER": "/orders/api-key",
            "CLIENT_SECRET": "{{resolve:secretsmanager:orders/client}}",
            "SMTP_PASSWORD": "ssm:/orders/smtp/password",
            "GIT_COMMIT": COMMIT,
            "REQUEST_ID": "3f2b8c1e-7a4d-4e5f-9b6a-1c2d3e4f5a6b",
            "PUBLIC_KEY": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
        }
    },
    tags={"digest": f"sha256:{COMMIT}{COMMIT[:24]}", "secret-owner": "orders"},
)
aws.ssm.Parameter("token-owner", name="/orders/token-owner", type="String", value=role.name)
aws.ec2.Instance(
    "deployer",
    ami="ami-0a1b2c3d4e5f67890",
    instance_type="t4g.small",
    user_data_base64=base64.b64encode(
        b"#!/bin/sh\nDB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id orders)\nexport DB_PASSWORD\n"
    ).decode(),
)

pulumi.export("secret_arn", database.arn)
