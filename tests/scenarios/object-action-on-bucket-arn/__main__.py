"""A reader that may list the bucket and read nothing from it."""

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("model-data")
group = aws.iam.Group("model-readers", path="/ai/")
aws.iam.GroupPolicy(
    "read-models",
    group=group.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": bucket.arn},
            ],
        }
    ),
)

pulumi.export("bucket_name", bucket.bucket)
