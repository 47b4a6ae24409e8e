"""A group that may read and write the objects of every bucket."""

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("model-data", tags={"purpose": "models"})
group = aws.iam.Group("researchers", path="/ai/")
policy = aws.iam.Policy(
    "use-models",
    description="Reads and writes the model data",
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket.arn},
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"},
        ],
    },
)
aws.iam.GroupPolicyAttachment("researchers-use-models", group=group.name, policy_arn=policy.arn)

pulumi.export("bucket_name", bucket.bucket)
