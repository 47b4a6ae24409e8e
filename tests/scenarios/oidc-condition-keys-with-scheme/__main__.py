"""A deployment role whose condition keys start with https://."""

import json

import pulumi
import pulumi_aws as aws

ISSUER_URL = "https://token.actions.githubusercontent.com"
account = aws.get_caller_identity().account_id

aws.iam.OpenIdConnectProvider("github", url=ISSUER_URL, client_id_lists=["sts.amazonaws.com"])

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{ISSUER_URL.removeprefix('https://')}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    f"{ISSUER_URL}:aud": "sts.amazonaws.com",
                    f"{ISSUER_URL}:sub": "repo:acme/site:ref:refs/heads/main",
                }
            },
        }
    ],
}
role = aws.iam.Role("deployer", name="site-deployer", assume_role_policy=json.dumps(trust))

pulumi.export("role_name", role.name)
