"""The buckets of a portal: what opens them was left in place, and blocks were put in front of it."""

import json

import pulumi
import pulumi_aws as aws

FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def everyone(bucket: str) -> str:
    """A policy by which everyone may read the objects of a bucket."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# The same block for each bucket, whatever opened it.
banners = aws.s3.Bucket("banners", acl="public-read")
forms = aws.s3.Bucket("forms", bucket="portal-forms-dev")
aws.s3.BucketPolicy("forms-policy", bucket=forms.id, policy=everyone("portal-forms-dev"))
for name, bucket in {"banners": banners, "forms": forms}.items():
    aws.s3.BucketPublicAccessBlock(name, bucket=bucket.id, **dict.fromkeys(FLAGS, True))

# No ACL counts where the owner of the bucket owns all objects.
letters = aws.s3.Bucket("letters")
aws.s3.BucketOwnershipControls("letters", bucket=letters.id, rule={"object_ownership": "BucketOwnerEnforced"})
aws.s3.BucketPublicAccessBlock("letters", bucket=letters.id, block_public_policy=True, restrict_public_buckets=True)
aws.s3.BucketObjectv2("letter", bucket=letters.id, key="letter.pdf", content="Dear", acl="public-read")

# Another account, which is closed as a whole.
archive = aws.Provider("archive", region="eu-west-1", profile="portal-archive")
there = pulumi.ResourceOptions(provider=archive)
aws.s3.AccountPublicAccessBlock("archive", **dict.fromkeys(FLAGS, True), opts=there)
old = aws.s3.Bucket("old-forms", bucket="portal-old-forms-dev", opts=there)
aws.s3.BucketPolicy("old-forms-policy", bucket=old.id, policy=everyone("portal-old-forms-dev"), opts=there)

# Whether this one is closed is decided by the people of the portal, by a parameter.
closed = aws.ssm.get_parameter_output(name="/portal/maps-closed")
maps = aws.s3.Bucket("maps", bucket="portal-maps-dev")
aws.s3.BucketPublicAccessBlock("maps", bucket=maps.id, **dict.fromkeys(FLAGS, closed.value))
aws.s3.BucketPolicy("maps-policy", bucket=maps.id, policy=everyone("portal-maps-dev"))

# Half a block, on a bucket that nothing opens so far.
drafts = aws.s3.Bucket("drafts")
aws.s3.BucketPublicAccessBlock("drafts", bucket=drafts.id, block_public_acls=True, block_public_policy=True)
