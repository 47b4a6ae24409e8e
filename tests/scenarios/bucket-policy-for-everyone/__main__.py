"""A static site that is served straight from a public bucket."""

import json

import pulumi
import pulumi_aws as aws

NAME = "acme-docs-site-dev"

bucket = aws.s3.Bucket("site", bucket=NAME)

aws.s3.BucketPublicAccessBlock(
    "site-block",
    bucket=bucket.id,
    block_public_acls=True,
    ignore_public_acls=True,
    block_public_policy=False,
    restrict_public_buckets=False,
)

aws.s3.BucketPolicy(
    "site-policy",
    bucket=bucket.id,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "PublicRead",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::{NAME}/*",
                }
            ],
        }
    ),
)

pulumi.export("bucket_name", bucket.bucket)
