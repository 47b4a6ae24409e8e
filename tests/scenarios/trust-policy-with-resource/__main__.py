"""A role whose trust policy has an element that trust policies do not have."""

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "worker",
    name="queue-worker",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Resource": "*",
            }
        ],
    },
)

pulumi.export("role_name", role.name)
