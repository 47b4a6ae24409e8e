"""The pipelines of several teams, each with the provider that its team set up, and the sign-in of their application."""

import json

import pulumi
import pulumi_aws as aws

OWN = "804713265920"
AUDIENCE = "sts.amazonaws.com"


def trust(issuer: str, subject: str, account: str = OWN) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{issuer}"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {f"{issuer}:aud": AUDIENCE},
                        "StringLike": {f"{issuer}:sub": subject},
                    },
                }
            ],
        }
    )


# GitHub: the provider has the default audience of the tokens, the workflows ask for that of AWS.
GITHUB = "token.actions.githubusercontent.com"
github = aws.iam.OpenIdConnectProvider("github", url=f"https://{GITHUB}", client_id_lists=["https://github.com/acme"])
aws.iam.Role("web-release", assume_role_policy=trust(GITHUB, "repo:acme/web:environment:production"))

# Buildkite: a thumbprint was copied with care, and the audience left for later.
BUILDKITE = "agent.buildkite.com"
aws.iam.OpenIdConnectProvider(
    "buildkite",
    url=f"https://{BUILDKITE}",
    client_id_lists=[],
    thumbprint_lists=["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
)
aws.iam.Role(
    "api-release",
    assume_role_policy=trust(BUILDKITE, "organization:acme:pipeline:api:ref:refs/heads/main:commit:*:step:release"),
)

# The GitLab of the data team, which has no certificate yet.
aws.iam.OpenIdConnectProvider("gitlab", url="http://gitlab.acme-data.net", client_id_lists=["acme-data"])

# HCP Terraform: two teams, each with its own audience.
aws.iam.OpenIdConnectProvider("terraform", url="https://app.terraform.io", client_id_lists=["aws.workload.identity"])
aws.iam.OpenIdConnectProvider("terraform-network", url="https://app.terraform.io", client_id_lists=["acme-network"])

# Spacelift, as it should be.
SPACELIFT = "acme.app.spacelift.io"
spacelift = aws.iam.OpenIdConnectProvider("spacelift", url=f"https://{SPACELIFT}", client_id_lists=[SPACELIFT])

# The nightly export was copied from the account of the warehouse, with its provider.
aws.iam.Role(
    "nightly-export",
    assume_role_policy=trust("gitlab.com", "project_path:acme/export:ref_type:branch:ref:main", "690237418853"),
)

# The application shows its catalogue before anybody has signed in.
customers = aws.cognito.UserPool("customers")
client = aws.cognito.UserPoolClient("shop", user_pool_id=customers.id)
pool = aws.cognito.IdentityPool(
    "shop",
    identity_pool_name="shop",
    allow_unauthenticated_identities=True,
    cognito_identity_providers=[
        {"client_id": client.id, "provider_name": customers.endpoint, "server_side_token_check": True}
    ],
)

pulumi.export("github_provider", github.arn)
