"""A deployment role that trusts the provider of the documentation's account."""

import json

import pulumi
import pulumi_aws as aws

aws.iam.OpenIdConnectProvider(
    "github", url="https://token.actions.githubusercontent.com", client_id_lists=["sts.amazonaws.com"]
)

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:sub": "repo:acme/site:environment:production",
                }
            },
        }
    ],
}

role = aws.iam.Role("deployer", name="site-deployer", assume_role_policy=json.dumps(trust))

pulumi.export("role_name", role.name)
