"""A service user that may read the objects of every bucket."""

import json

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("training-data", bucket="acme-training-data-dev")
user = aws.iam.User("trainer", path="/ai/", force_destroy=True)
group = aws.iam.Group("trainers", path="/ai/")
aws.iam.UserGroupMembership("trainer-membership", user=user.name, groups=[group.name])
aws.iam.GroupPolicy(
    "read-training-data",
    group=group.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::*/*"]}
            ],
        }
    ),
)

pulumi.export("bucket_name", bucket.bucket)
