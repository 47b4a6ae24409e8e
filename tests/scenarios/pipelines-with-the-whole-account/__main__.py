"""The roles by which the pipelines of a company deploy, each pinned as well as the team found time for."""

import json

import pulumi
import pulumi_aws as aws

ISSUER = "token.actions.githubusercontent.com"
github = aws.iam.OpenIdConnectProvider("github", url=f"https://{ISSUER}", client_id_lists=["sts.amazonaws.com"])


def deployer(name: str, subject: str) -> aws.iam.Role:
    return aws.iam.Role(
        name,
        name=name,
        assume_role_policy=aws.iam.get_policy_document_output(
            statements=[
                {
                    "actions": ["sts:AssumeRoleWithWebIdentity"],
                    "principals": [{"type": "Federated", "identifiers": [github.arn]}],
                    "conditions": [
                        {"test": "StringEquals", "variable": f"{ISSUER}:aud", "values": ["sts.amazonaws.com"]},
                        {"test": "StringLike", "variable": f"{ISSUER}:sub", "values": [subject]},
                    ],
                }
            ]
        ).json,
    )


# "Every repository deploys something", and what it deploys nobody wanted to write down.
everything = deployer("deploy-everything", "repo:acme/*")
aws.iam.RolePolicyAttachment(
    "deploy-everything", role=everything.name, policy_arn="arn:aws:iam::aws:policy/AdministratorAccess"
)

# The landing zone makes roles, from whatever branch somebody pushes.
landing = deployer("landing-zone", "repo:acme/landing-zone:*")
aws.iam.RolePolicy(
    "landing-zone",
    role=landing.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["iam:CreateRole", "iam:PutRolePolicy"], "Resource": "*"}],
        }
    ),
)

# The shop deploys its pages from whatever branch, too, and can do nothing else.
shop = deployer("shop", "repo:acme/shop:*")
aws.iam.RolePolicy(
    "shop",
    role=shop.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-shop-pages/*"}],
        }
    ),
)

pulumi.export("roles", [each.name for each in (everything, landing, shop)])
