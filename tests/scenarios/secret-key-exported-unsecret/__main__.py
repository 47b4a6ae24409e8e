"""A user for the model data whose secret key is exported without its mark."""

import pulumi
import pulumi_aws as aws

MODEL_BUCKET = "acme-model-data-dev"

bucket = aws.s3.Bucket("model-data", bucket=MODEL_BUCKET)
user = aws.iam.User("ai-user", path="/ai/", force_destroy=True, tags={"team": "research"})
group = aws.iam.Group("model-readers", path="/ai/")
aws.iam.UserGroupMembership("membership", user=user.name, groups=[group.name])
aws.iam.GroupPolicy(
    "read-models",
    group=group.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{MODEL_BUCKET}"},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{MODEL_BUCKET}/*"},
        ],
    },
)
key = aws.iam.AccessKey("ai-user-key", user=user.name)

pulumi.export("ai_user_name", user.name)
pulumi.export("ai_access_key_id", key.id)
pulumi.export("ai_secret_access_key", pulumi.Output.unsecret(key.secret))
