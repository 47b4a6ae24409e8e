"""A notebook role with the managed administrator policy."""

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "notebook",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    },
)

aws.iam.RolePolicyAttachment(
    "notebook-rights", role=role.name, policy_arn="arn:aws:iam::aws:policy/AdministratorAccess"
)

pulumi.export("role_name", role.name)
