"""Images that any client may fetch by sending the expected header."""

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("images")

aws.s3.BucketPublicAccessBlock(
    "images-block",
    bucket=bucket.id,
    block_public_acls=True,
    ignore_public_acls=True,
    block_public_policy=False,
    restrict_public_buckets=False,
)

aws.s3.BucketPolicy(
    "images-policy",
    bucket=bucket.id,
    policy=pulumi.Output.all(arn=bucket.arn).apply(
        lambda known: pulumi.Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": ["s3:GetObject"],
                        "Resource": f"{known['arn']}/*",
                        "Condition": {"StringLike": {"aws:Referer": ["https://www.example.com/*"]}},
                    }
                ],
            }
        )
    ),
)

pulumi.export("bucket_name", bucket.bucket)
