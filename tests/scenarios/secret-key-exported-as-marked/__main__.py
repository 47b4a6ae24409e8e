"""A user for the model data whose secret key keeps its mark in the export."""

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("model-data")
aws.s3.BucketPublicAccessBlock(
    "model-data",
    bucket=bucket.id,
    block_public_acls=True,
    ignore_public_acls=True,
    block_public_policy=True,
    restrict_public_buckets=True,
)
user = aws.iam.User("ai-user", path="/ai/", force_destroy=True, tags={"team": "research"})
group = aws.iam.Group("model-readers", path="/ai/")
aws.iam.UserGroupMembership("membership", user=user.name, groups=[group.name])
aws.iam.GroupPolicy(
    "read-models",
    group=group.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket.arn},
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(bucket.arn, "/*")},
            ],
        }
    ),
)
key = aws.iam.AccessKey("ai-user-key", user=user.name)

pulumi.export("ai_user_name", user.name)
pulumi.export("ai_access_key_id", key.id)
pulumi.export("ai_secret_access_key", key.secret)
