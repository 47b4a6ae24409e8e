"""A role that was meant for one service account, and whose namespace was left open."""

import json

import pulumi
import pulumi_aws as aws

cluster = aws.eks.Cluster(
    "apps",
    role_arn="arn:aws:iam::804713265920:role/eks-control-plane",
    vpc_config={"subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60718"]},
)
provider = aws.iam.OpenIdConnectProvider(
    "apps", url=cluster.identities[0].oidcs[0].issuer, client_id_lists=["sts.amazonaws.com"]
)


def trust(arn: str, url: str) -> str:
    issuer = url.removeprefix("https://")
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{issuer}:sub": "system:serviceaccount:*:invoices"},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


aws.iam.Role(
    "invoices", assume_role_policy=pulumi.Output.all(provider.arn, provider.url).apply(lambda parts: trust(*parts))
)
