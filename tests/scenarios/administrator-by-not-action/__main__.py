"""A role for builds that may do everything except look at the bills."""

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "builder",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "codebuild.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": "402918573664"}},
            }
        ],
    },
)

aws.iam.RolePolicy(
    "builder-rights",
    role=role.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "NotAction": "billing:*", "Resource": "*"}],
    },
)

pulumi.export("role_name", role.name)
