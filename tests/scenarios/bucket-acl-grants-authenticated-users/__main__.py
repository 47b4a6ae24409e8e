"""A bucket with an ACL that grants to a predefined group."""

import pulumi
import pulumi_aws as aws

AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"

owner = aws.s3.get_canonical_user_id()
bucket = aws.s3.Bucket("exchange")
ownership = aws.s3.BucketOwnershipControls(
    "exchange",
    bucket=bucket.id,
    rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerPreferred"),
)
aws.s3.BucketAcl(
    "exchange-acl",
    bucket=bucket.id,
    access_control_policy=aws.s3.BucketAclAccessControlPolicyArgs(
        owner=aws.s3.BucketAclAccessControlPolicyOwnerArgs(id=owner.id),
        grants=[
            aws.s3.BucketAclAccessControlPolicyGrantArgs(
                grantee=aws.s3.BucketAclAccessControlPolicyGrantGranteeArgs(type="CanonicalUser", id=owner.id),
                permission="FULL_CONTROL",
            ),
            aws.s3.BucketAclAccessControlPolicyGrantArgs(
                grantee=aws.s3.BucketAclAccessControlPolicyGrantGranteeArgs(type="Group", uri=AUTHENTICATED),
                permission="READ",
            ),
        ],
    ),
    opts=pulumi.ResourceOptions(depends_on=[ownership]),
)

pulumi.export("bucket_name", bucket.bucket)
