"""A role for one GitLab project with one dead condition key."""

import pulumi
import pulumi_aws as aws

gitlab = aws.iam.OpenIdConnectProvider("gitlab", url="https://gitlab.com", client_id_lists=["https://gitlab.com"])

role = aws.iam.Role(
    "model-publisher",
    name="model-publisher",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": gitlab.arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        "gitlab.com:aud": "https://gitlab.com",
                        "https://gitlab.com:sub": "project_path:acme/models:ref_type:branch:ref:main",
                    }
                },
            }
        ],
    },
)

pulumi.export("role_name", role.name)
