"""A role for audits that every AWS account may assume."""

import json

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "auditor",
    name="auditor",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
        }
    ),
)
aws.iam.RolePolicyAttachment("auditor-reads", role=role.name, policy_arn="arn:aws:iam::aws:policy/SecurityAudit")

pulumi.export("role_name", role.name)
