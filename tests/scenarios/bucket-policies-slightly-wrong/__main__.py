"""Buckets that no stranger reaches, each with a policy that does not do what was meant."""

import json

import pulumi
import pulumi_aws as aws

OWN = "402918573664"


def bucket(name: str, *statements: dict[str, object]) -> None:
    made = aws.s3.Bucket(name, bucket=f"acme-{name}")
    aws.s3.BucketPublicAccessBlock(
        f"{name}-block",
        bucket=made.id,
        block_public_acls=True,
        ignore_public_acls=True,
        block_public_policy=True,
        restrict_public_buckets=True,
    )
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    aws.s3.BucketPolicy(f"{name}-policy", bucket=made.id, policy=json.dumps(document))


def both(name: str) -> list[str]:
    return [f"arn:aws:s3:::acme-{name}", f"arn:aws:s3:::acme-{name}/*"]


# What is meant to keep everything but TLS out, on the objects alone.
bucket(
    "reports",
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::acme-reports/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    },
)
# Meant for everybody from elsewhere, and the condition was forgotten.
bucket("archive", {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": both("archive")})
# Roles of one account, by a pattern instead of by the account.
bucket(
    "exchange",
    {
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": both("exchange"),
        "Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/analysts/*"}},
    },
)
# A distribution reads the bucket, and anybody's may.
bucket(
    "site",
    {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::acme-site/*",
    },
)

pulumi.export("buckets", ["acme-reports", "acme-archive", "acme-exchange", "acme-site"])
