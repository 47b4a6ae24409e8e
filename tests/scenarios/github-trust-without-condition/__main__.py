"""A deployment role with the provider as its only test."""

import pulumi
import pulumi_aws as aws

github = aws.iam.OpenIdConnectProvider(
    "github", url="https://token.actions.githubusercontent.com", client_id_lists=["sts.amazonaws.com"]
)

role = aws.iam.Role(
    "deployer",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": github.arn},
                "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            }
        ],
    },
)

pulumi.export("role_name", role.name)
