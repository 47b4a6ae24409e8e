"""A bucket that all accounts of the organization may read."""

import pulumi
import pulumi_aws as aws

NAME = "acme-shared-datasets-dev"

bucket = aws.s3.Bucket("datasets", bucket=NAME)
aws.s3.BucketPublicAccessBlock(
    "datasets-block",
    bucket=bucket.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketPolicy(
    "datasets-policy",
    bucket=bucket.id,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OrganizationReads",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject"],
                "Resource": f"arn:aws:s3:::{NAME}/*",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }
        ],
    },
)

pulumi.export("bucket_name", bucket.bucket)
