"""A read policy whose statement is spelt like JSON, not like the function's arguments."""

import pulumi
import pulumi_aws as aws

MODEL_BUCKET = "acme-model-data-dev"

bucket = aws.s3.Bucket("model-data", bucket=MODEL_BUCKET)
document = aws.iam.get_policy_document(
    statements=[
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": [f"arn:aws:s3:::{MODEL_BUCKET}/*"],
        }
    ]
)
policy = aws.iam.Policy("read-models", description="Reads the model data", policy=document.json)

pulumi.export("policy_arn", policy.arn)
pulumi.export("bucket_name", bucket.bucket)
