"""A bucket for downloads whose only access control is a public acl."""

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("downloads", bucket="acme-downloads-dev", acl="public-read", tags={"site": "downloads"})

aws.s3.BucketObjectv2(
    "index",
    bucket=bucket.id,
    key="index.html",
    content="<!doctype html><title>Downloads</title>",
    content_type="text/html",
)

pulumi.export("bucket_name", bucket.bucket)
