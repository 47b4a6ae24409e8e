"""Roles for pipelines in an organization that says which owners and audiences are its own."""

import json

import pulumi
import pulumi_aws as aws

OWN = "804713265920"
ISSUER = "token.actions.githubusercontent.com"

provider = aws.iam.OpenIdConnectProvider(
    "github", url=f"https://{ISSUER}", client_id_lists=["sts.amazonaws.com", "https://github.com/acme"]
)


def role(name: str, audience: str, subject: str) -> aws.iam.Role:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{ISSUER}:aud": audience, f"{ISSUER}:sub": subject}},
    }
    return aws.iam.Role(name, assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


role("shop", "sts.amazonaws.com", "repo:acme/shop:environment:production")

# The vendor deploys its agent by itself.
role("agent", "sts.amazonaws.com", "repo:watchful-metrics/agent:ref:refs/heads/main")

# A workflow that never asked for the audience of AWS.
role("search", "https://github.com/acme", "repo:acme/search:environment:production")

pulumi.export("provider", provider.arn)
