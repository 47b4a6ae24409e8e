"""A help desk: what the role of its lead holds by two policies is more than either of them."""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id

# The agents reset passwords of the people of the office, and no others.
desk = aws.iam.Group("help-desk", name="help-desk")
aws.iam.GroupPolicy(
    "passwords",
    group=desk.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["iam:GetLoginProfile", "iam:UpdateLoginProfile"],
                "Resource": f"arn:aws:iam::{account}:user/office/*",
            },
            {"Effect": "Allow", "Action": ["iam:ListUsers", "iam:ListGroups"], "Resource": "*"},
        ],
    },
)

# The lead got the policy of the engineers of the platform for on-call duty ...
operations = aws.iam.Policy(
    "operations",
    policy=aws.iam.get_policy_document(
        statements=[
            {
                "sid": "Operations",
                "not_actions": ["iam:*", "sts:*", "organizations:*", "account:*"],
                "resources": ["*"],
            }
        ]
    ).json,
)
# ... and gives newcomers their rights.
newcomers = aws.iam.Policy(
    "newcomers",
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Newcomers",
                    "Effect": "Allow",
                    "Action": [
                        "iam:CreateUser",
                        "iam:CreateLoginProfile",
                        "iam:AttachUserPolicy",
                        "iam:AddUserToGroup",
                    ],
                    "Resource": "*",
                }
            ],
        }
    ),
)
lead = aws.iam.Role(
    "help-desk-lead",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                }
            ],
        }
    ),
)
aws.iam.RolePolicyAttachment("lead-newcomers", role=lead.name, policy_arn=newcomers.arn)
aws.iam.PolicyAttachment("operations", name="operations", roles=[lead.name], policy_arn=operations.arn)

pulumi.export("lead_role", lead.arn)
