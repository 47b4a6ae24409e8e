"""A policy whose two statements cover every action between them."""

import pulumi
import pulumi_aws as aws

document = aws.iam.get_policy_document(
    statements=[
        {"sid": "Storage", "actions": ["s3:*"], "resources": ["*"]},
        {"sid": "Platform", "not_actions": ["s3:*"], "resources": ["*"]},
    ]
)
policy = aws.iam.Policy("platform", description="Rights of the platform team", policy=document.json)
group = aws.iam.Group("platform-team")
aws.iam.GroupPolicyAttachment("platform-team", group=group.name, policy_arn=policy.arn)

pulumi.export("policy_arn", policy.arn)
