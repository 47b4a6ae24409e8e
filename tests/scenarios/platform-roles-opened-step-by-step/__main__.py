"""The roles of a platform team: written one after the other, each changed until the run that needed it was green."""

import json

import pulumi
import pulumi_aws as aws

OWN = "804713265920"
GITHUB = "token.actions.githubusercontent.com"
GITLAB = "gitlab.com"
SPACELIFT = "acme.app.spacelift.io"
CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/6C1F0A9D27E84B3395D2C4E1B7A0F853"
COGNITO = "cognito-identity.amazonaws.com"
AUDIENCE = {f"{GITHUB}:aud": "sts.amazonaws.com"}


def role(name: str, principal: object, condition: dict[str, object]) -> aws.iam.Role:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return aws.iam.Role(name, assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def provider(issuer: str) -> dict[str, str]:
    return {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{issuer}"}


aws.iam.OpenIdConnectProvider("github", url=f"https://{GITHUB}", client_id_lists=["sts.amazonaws.com"])
aws.iam.OpenIdConnectProvider("gitlab", url=f"https://{GITLAB}", client_id_lists=["https://gitlab.com"])
aws.iam.OpenIdConnectProvider("cluster", url=f"https://{CLUSTER}", client_id_lists=["sts.amazonaws.com"])

# The release, as it should be.
release = role(
    "release",
    provider(GITHUB),
    {"StringEquals": {**AUDIENCE, f"{GITHUB}:sub": "repo:acme/platform:environment:production"}},
)

# The checks of pull requests got the role of the previews, to save one.
role(
    "previews",
    provider(GITHUB),
    {
        "StringEquals": {
            **AUDIENCE,
            f"{GITHUB}:sub": ["repo:acme/platform:environment:preview", "repo:acme/platform:pull_request"],
        }
    },
)

# "Sometimes the subject is missing", somebody read, and made the test hold for that too.
role(
    "docs",
    provider(GITHUB),
    {"StringEquals": AUDIENCE, "ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:acme/docs:ref:refs/heads/main"}},
)

# The pattern of another role, under the operator of this one.
role("images", provider(GITHUB), {"StringEquals": {**AUDIENCE, f"{GITHUB}:sub": "repo:acme/images:ref:refs/tags/*"}})

# The number of the repository says enough, but AWS also wants the subject.
role(
    "modules",
    provider(GITHUB),
    {
        "StringEquals": {
            **AUDIENCE,
            f"{GITHUB}:repository_id": "604188231",
            f"{GITHUB}:ref": "refs/heads/main",
        }
    },
)

# A claim that stands in every token of GitLab, and that STS has no key for.
role(
    "reports",
    provider(GITLAB),
    {
        "StringEquals": {
            f"{GITLAB}:aud": "https://gitlab.com",
            f"{GITLAB}:sub": "project_path:acme/reports:ref_type:branch:ref:main",
            f"{GITLAB}:project_path": "acme/reports",
        }
    },
)

# The stack by the name that people use for it.
role(
    "notebooks",
    provider(SPACELIFT),
    {"StringEquals": {f"{SPACELIFT}:aud": SPACELIFT, f"{SPACELIFT}:sub": "notebooks"}},
)

# The address of the provider, copied with its scheme.
role(
    "mirror",
    provider(f"https://{GITLAB}"),
    {
        "StringEquals": {
            f"{GITLAB}:aud": "https://gitlab.com",
            f"{GITLAB}:sub": "project_path:acme/mirror:ref_type:branch:ref:main",
        }
    },
)

# One service account of the cluster; which cluster was to be said by the key.
role(
    "scheduler",
    {"Federated": "*"},
    {"StringEquals": {f"{CLUSTER}:aud": "sts.amazonaws.com", f"{CLUSTER}:sub": "system:serviceaccount:jobs:scheduler"}},
)

# Customers of the application; its pool has no guests yet.
pool = aws.cognito.IdentityPool("app", identity_pool_name="app", allow_unauthenticated_identities=False)
aws.iam.Role(
    "customers",
    assume_role_policy=aws.iam.get_policy_document_output(
        statements=[
            {
                "actions": ["sts:AssumeRoleWithWebIdentity"],
                "principals": [{"type": "Federated", "identifiers": [COGNITO]}],
                "conditions": [{"test": "StringEquals", "variable": f"{COGNITO}:aud", "values": [pool.id]}],
            }
        ]
    ).json,
)

pulumi.export("release_role", release.arn)
