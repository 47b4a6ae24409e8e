"""An uploader whose two object actions name the bucket, not its objects."""

import pulumi
import pulumi_aws as aws

BUCKET = "acme-uploads-dev"

bucket = aws.s3.Bucket("uploads", bucket=BUCKET)
document = aws.iam.get_policy_document(
    statements=[
        {"sid": "List", "actions": ["s3:ListBucket"], "resources": [f"arn:aws:s3:::{BUCKET}"]},
        {"sid": "Upload", "actions": ["s3:GetObject", "s3:PutObject"], "resources": [f"arn:aws:s3:::{BUCKET}"]},
    ]
)
policy = aws.iam.Policy("upload", path="/ai/", policy=document.json)

pulumi.export("policy_arn", policy.arn)
pulumi.export("bucket_name", bucket.bucket)
