"""A deployment role with exact audience and subject, and rights in one bucket."""

import pulumi
import pulumi_aws as aws

ISSUER = "token.actions.githubusercontent.com"
BUCKET = "acme-releases-dev"

github = aws.iam.OpenIdConnectProvider("github", url=f"https://{ISSUER}", client_id_lists=["sts.amazonaws.com"])
role = aws.iam.Role(
    "publisher",
    name="release-publisher",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": github.arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER}:sub": "repo:acme/models:environment:production",
                    }
                },
            }
        ],
    },
)
bucket = aws.s3.Bucket("releases", bucket=BUCKET)
aws.s3.BucketPublicAccessBlock(
    "releases",
    bucket=bucket.id,
    block_public_acls=True,
    ignore_public_acls=True,
    block_public_policy=True,
    restrict_public_buckets=True,
)
document = aws.iam.get_policy_document(
    statements=[
        {"actions": ["s3:ListBucket"], "resources": [f"arn:aws:s3:::{BUCKET}"]},
        {"actions": ["s3:GetObject", "s3:PutObject"], "resources": [f"arn:aws:s3:::{BUCKET}/*"]},
    ]
)
policy = aws.iam.Policy("publish", policy=document.json)
aws.iam.RolePolicyAttachment("publish", role=role.name, policy_arn=policy.arn)

pulumi.export("role_name", role.name)
pulumi.export("bucket_name", bucket.bucket)
