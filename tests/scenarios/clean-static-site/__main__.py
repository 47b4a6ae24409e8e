"""A static site: private bucket, origin access control, one distribution."""

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("site")
aws.s3.BucketPublicAccessBlock(
    "site",
    bucket=bucket.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
access = aws.cloudfront.OriginAccessControl(
    "site", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
)
distribution = aws.cloudfront.Distribution(
    "site",
    enabled=True,
    default_root_object="index.html",
    origins=[
        aws.cloudfront.DistributionOriginArgs(
            origin_id="bucket", domain_name=bucket.bucket_regional_domain_name, origin_access_control_id=access.id
        )
    ],
    default_cache_behavior=aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
        target_origin_id="bucket",
        viewer_protocol_policy="redirect-to-https",
        allowed_methods=["GET", "HEAD"],
        cached_methods=["GET", "HEAD"],
        cache_policy_id="658327ea-f89d-4fab-a63d-7e88639e58f6",
    ),
    restrictions=aws.cloudfront.DistributionRestrictionsArgs(
        geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(restriction_type="none")
    ),
    viewer_certificate=aws.cloudfront.DistributionViewerCertificateArgs(cloudfront_default_certificate=True),
)
document = aws.iam.get_policy_document_output(
    statements=[
        {
            "actions": ["s3:GetObject"],
            "resources": [pulumi.Output.concat(bucket.arn, "/*")],
            "principals": [{"type": "Service", "identifiers": ["cloudfront.amazonaws.com"]}],
            "conditions": [{"test": "StringEquals", "variable": "aws:SourceArn", "values": [distribution.arn]}],
        }
    ]
)
aws.s3.BucketPolicy("site", bucket=bucket.id, policy=document.json)

pulumi.export("url", pulumi.Output.concat("https://", distribution.domain_name))
