"""A shop on private buckets: uploads, a site that was never finished, and a trail that sees nobody touch an object."""

import pulumi
import pulumi_aws as aws

key = aws.kms.Key("shop", enable_key_rotation=True, deletion_window_in_days=30)


def bucket(name: str) -> aws.s3.Bucket:
    made = aws.s3.Bucket(name)
    aws.s3.BucketPublicAccessBlock(
        name,
        bucket=made.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    return made


def allowed(made: aws.s3.Bucket, name: str, *statements: object) -> aws.s3.BucketPolicy:
    tls = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [made.arn, pulumi.Output.format("{0}/*", made.arn)],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [*statements, tls]}
    return aws.s3.BucketPolicy(name, bucket=made.id, policy=pulumi.Output.json_dumps(document))


def kept(name: str) -> aws.s3.Bucket:
    made = bucket(name)
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=made.id,
        rules=[
            {
                "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn},
                "bucket_key_enabled": True,
            }
        ],
    )
    aws.s3.BucketVersioning(name, bucket=made.id, versioning_configuration={"status": "Enabled"})
    aws.s3.BucketLifecycleConfiguration(
        name,
        bucket=made.id,
        rules=[
            {
                "id": "uploads",
                "status": "Enabled",
                "filter": {},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            }
        ],
    )
    return made


# What is written to the log bucket is not logged again.
logs = kept("logs")
allowed(logs, "logs")
orders = kept("orders")
allowed(orders, "orders")
# Everything is around this one, but not what its object asks for.
aws.s3.BucketObjectv2(
    "price-list", bucket=orders.id, key="prices.csv", content="cup,7.50", server_side_encryption="AES256"
)
aws.s3.BucketLogging("orders", bucket=orders.id, target_bucket=logs.id, target_prefix="orders/")

# Browsers send pictures with signed URLs, from whatever page they are on.
uploads = bucket("uploads")
aws.s3.BucketCorsConfiguration(
    "uploads", bucket=uploads.id, cors_rules=[{"allowed_methods": ["PUT"], "allowed_origins": ["*"]}]
)
aws.s3.BucketOwnershipControls("uploads", bucket=uploads.id, rule={"object_ownership": "ObjectWriter"})

site = kept("site")
allowed(site, "site")
aws.s3.BucketLogging("site", bucket=site.id, target_bucket=logs.id, target_prefix="site/")
aws.s3.BucketWebsiteConfiguration("site", bucket=site.id, index_document={"suffix": "index.html"})
aws.cloudfront.Distribution(
    "site",
    enabled=True,
    origins=[{"origin_id": "site", "domain_name": site.bucket_regional_domain_name}],
    default_cache_behavior={
        "target_origin_id": "site",
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True},
)

# Who reads what the trail recorded is not logged.
records = kept("records")
region, account = aws.get_region_output().region, aws.get_caller_identity_output().account_id
source = pulumi.Output.format("arn:aws:cloudtrail:{0}:{1}:trail/shop", region, account)
ours = {"StringEquals": {"aws:SourceArn": source}}
service = {"Service": "cloudtrail.amazonaws.com"}
policy = allowed(
    records,
    "records",
    {
        "Effect": "Allow",
        "Principal": service,
        "Action": "s3:GetBucketAcl",
        "Resource": records.arn,
        "Condition": ours,
    },
    {
        "Effect": "Allow",
        "Principal": service,
        "Action": "s3:PutObject",
        "Resource": pulumi.Output.format("{0}/AWSLogs/{1}/*", records.arn, account),
        "Condition": ours,
    },
)
aws.cloudtrail.Trail(
    "shop",
    name="shop",
    s3_bucket_name=records.id,
    enable_log_file_validation=True,
    is_multi_region_trail=True,
    opts=pulumi.ResourceOptions(depends_on=[policy]),
)

pulumi.export("orders", orders.id)
