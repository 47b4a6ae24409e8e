"""A deployment role that any repository on GitHub may assume."""

import json

import pulumi
import pulumi_aws as aws

ISSUER = "token.actions.githubusercontent.com"
account = aws.get_caller_identity().account_id

aws.iam.OpenIdConnectProvider("github", url=f"https://{ISSUER}", client_id_lists=["sts.amazonaws.com"])

role = aws.iam.Role(
    "deployer",
    name="site-deployer",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{ISSUER}"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}},
                }
            ],
        }
    ),
)

pulumi.export("role_name", role.name)
