"""A role for one service account of an EKS cluster, whose subject key names the issuer without its path."""

import pulumi
import pulumi_aws as aws

ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/4A5F8C0E9B7D43D2A1C6E8F0B2D4A6C8"
ACCOUNT = aws.get_caller_identity().account_id

role = aws.iam.Role(
    "batch-scorer",
    name="batch-scorer",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER.split('/', maxsplit=1)[0]}:sub": "system:serviceaccount:scoring:batch",
                    }
                },
            }
        ],
    },
)

pulumi.export("role_name", role.name)
