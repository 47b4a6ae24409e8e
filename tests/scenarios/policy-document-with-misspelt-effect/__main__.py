"""A policy with Efect where Effect should stand."""

import json

import pulumi
import pulumi_aws as aws

BUCKET = "acme-model-data-dev"

bucket = aws.s3.Bucket("model-data", bucket=BUCKET)
policy = aws.iam.Policy(
    "read-models",
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Efect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"},
            ],
        }
    ),
)

pulumi.export("policy_arn", policy.arn)
pulumi.export("bucket_name", bucket.bucket)
