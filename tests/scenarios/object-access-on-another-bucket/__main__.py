"""A role whose policy names a bucket of another project."""

import pulumi
import pulumi_aws as aws

BUCKET = "acme-speech-models-dev"

bucket = aws.s3.Bucket("models", bucket=BUCKET, tags={"project": "speech"})
role = aws.iam.Role(
    "trainer",
    name="speech-trainer",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    },
)
aws.iam.RolePolicy(
    "use-models",
    role=role.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"},
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::acme-vision-models-dev/*",
            },
        ],
    },
)

pulumi.export("bucket_name", bucket.bucket)
