"""A private S3 bucket, and the bucket that receives the access logs of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.iam import GetPolicyDocumentStatementArgs as Statement

from .aws_names import AwsNames
from .documents import condition, document, principal


@dataclass(frozen=True)
class PrivateBucketArgs:
    """`bucket_name` is the physical name; `grants` are the Allow statements of the bucket policy.

    `grantees` are the resources that those statements name: S3 refuses a policy whose principal does not exist yet.
    `log_bucket` receives the access logs; a log bucket itself has none, its own deliveries would feed on themselves.
    """

    names: AwsNames
    bucket_name: str
    grants: Sequence[Statement] = ()
    grantees: Sequence[pulumi.Resource] = ()
    log_bucket: AccessLogBucket | None = None


class PrivateBucket(pulumi.ComponentResource):
    """A bucket that answers only its account, only over TLS.

    Creates the bucket with public access block, ACLs switched off, encryption, versioning, a bucket policy that denies
    plain HTTP for the bucket and its objects, and access logging where a log bucket is given.
    """

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: PrivateBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:PrivateBucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(name, bucket=args.bucket_name, opts=child)
        self.bucket_name = bucket.bucket

        block = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            name,
            bucket=bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="AES256"
                    )
                )
            ],
            opts=child,
        )
        aws.s3.BucketVersioning(
            name,
            bucket=bucket.bucket,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=child,
        )
        arn = args.names.bucket(args.bucket_name)
        tls_only = Statement(
            sid="TlsOnly",
            actions=["s3:*"],
            effect="Deny",
            resources=[arn, f"{arn}/*"],
            principals=[principal("*", "*")],
            conditions=[condition("Bool", "aws:SecureTransport", "false")],
        )
        aws.s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=document(tls_only, *args.grants),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block, *args.grantees]),
        )
        if args.log_bucket is not None:
            aws.s3.BucketLogging(
                name,
                bucket=bucket.bucket,
                target_bucket=args.log_bucket.bucket_name,
                target_prefix=log_prefix(args.bucket_name),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[args.log_bucket]),
            )
        self.register_outputs({"bucket_name": self.bucket_name})


def log_prefix(source_bucket: str) -> str:
    """Key prefix under which the access logs of one bucket are kept."""
    return f"{source_bucket}/"


@dataclass(frozen=True)
class AccessLogBucketArgs:
    """`source_buckets` are the names of the buckets whose access logs the bucket `bucket_name` receives."""

    names: AwsNames
    bucket_name: str
    source_buckets: Sequence[str]


class AccessLogBucket(pulumi.ComponentResource):
    """The private bucket for the access logs of the stack's other buckets.

    The log delivery service may write for each source bucket below that bucket's own prefix. A bucket ARN holds no
    account, so the source account is tested beside it: another account's bucket cannot make the service write here.
    """

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: AccessLogBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:AccessLogBucket", name, None, opts)
        arn = args.names.bucket(args.bucket_name)
        deliveries = [
            Statement(
                sid=f"AccessLogs{number}",
                actions=["s3:PutObject"],
                resources=[f"{arn}/{log_prefix(source)}*"],
                principals=[principal("Service", "logging.s3.amazonaws.com")],
                conditions=[
                    condition("ArnEquals", "aws:SourceArn", args.names.bucket(source)),
                    condition("StringEquals", "aws:SourceAccount", args.names.account_id),
                ],
            )
            for number, source in enumerate(args.source_buckets, start=1)
        ]
        bucket = PrivateBucket(
            name,
            PrivateBucketArgs(names=args.names, bucket_name=args.bucket_name, grants=deliveries),
            pulumi.ResourceOptions(parent=self),
        )
        self.bucket_name = bucket.bucket_name
        self.register_outputs({"bucket_name": self.bucket_name})
