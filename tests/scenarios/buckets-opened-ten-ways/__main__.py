"""The buckets of an agency: ten of them are open, each in another way, and one is not."""

import json

import pulumi
import pulumi_aws as aws

AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


def allow(arn: str, **changed: object) -> str:
    """A policy by which everyone may read the objects of a bucket, or what the changes make of it."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/*", **changed}
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{key: value for key, value in statement.items() if value}]}
    )


# 1: the ACL that came with the bucket.
aws.s3.Bucket("press", acl="public-read")

# 2: an ACL resource, after ACLs were turned on and the block was lifted for it.
uploads = aws.s3.Bucket("uploads")
ownership = aws.s3.BucketOwnershipControls(
    "uploads",
    bucket=uploads.id,
    rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerPreferred"),
)
lifted = aws.s3.BucketPublicAccessBlock(
    "uploads",
    bucket=uploads.id,
    block_public_acls=False,
    ignore_public_acls=False,
    block_public_policy=False,
    restrict_public_buckets=False,
)
aws.s3.BucketAcl(
    "uploads-acl",
    bucket=uploads.id,
    acl="public-read-write",
    opts=pulumi.ResourceOptions(depends_on=[ownership, lifted]),
)

# 3: a grant to what is taken for the users of the own account.
owner = aws.s3.get_canonical_user_id()
exchange = aws.s3.Bucket("exchange")
aws.s3.BucketAcl(
    "exchange-acl",
    bucket=exchange.bucket,
    access_control_policy={
        "owner": {"id": owner.id},
        "grants": [
            {"grantee": {"type": "CanonicalUser", "id": owner.id}, "permission": "FULL_CONTROL"},
            {"grantee": {"type": "Group", "uri": AUTHENTICATED}, "permission": "READ"},
        ],
    },
)

# 4: one object of a bucket that is otherwise its own.
brochures = aws.s3.Bucket("brochures", bucket="agency-brochures-dev")
aws.s3.BucketObjectv2(
    "brochure",
    bucket=brochures.id,
    key="spring.pdf",
    content="Spring",
    content_type="application/pdf",
    acl="public-read",
)

# 5: a policy for everyone. Two flags keep such a policy from being put, and do nothing about one that is there.
downloads = aws.s3.Bucket("downloads")
aws.s3.BucketPublicAccessBlock("downloads", bucket=downloads.id, block_public_acls=True, block_public_policy=True)
aws.s3.BucketPolicy("downloads-policy", bucket=downloads.id, policy=downloads.arn.apply(allow))

# 6 and 7: conditions that a stranger meets. The second key is missing from a request that nobody signed.
for name, condition in {
    "images": {"StringLike": {"aws:Referer": "https://www.example.com/*"}},
    "datasets": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
}.items():
    bucket = aws.s3.Bucket(name)
    aws.s3.BucketPolicy(
        f"{name}-policy",
        bucket=bucket.id,
        policy=bucket.arn.apply(lambda arn, condition=condition: allow(arn, Condition=condition)),
    )

# 8: everyone but one.
reports = aws.s3.Bucket("reports")
aws.s3.BucketPolicy(
    "reports-policy",
    bucket=reports.id,
    policy=reports.arn.apply(
        lambda arn: allow(arn, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::402918573664:user/former-partner"})
    ),
)

# 9: an office network that somebody widened until it worked, in the policy of the bucket itself.
aws.s3.BucketV2(
    "minutes",
    bucket="agency-minutes-dev",
    policy=allow(
        "arn:aws:s3:::agency-minutes-dev",
        Condition={"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
    ),
)


# 10: a component with two buckets and one block, which is on the other one.
class Archive(pulumi.ComponentResource):
    """Where finished work goes, with the list of what there is."""

    def __init__(self, name: str, readers: dict[str, list[str]]) -> None:
        super().__init__("agency:storage:Archive", name)
        here = pulumi.ResourceOptions(parent=self)
        stores = {role: aws.s3.Bucket(f"{name}-{role}", opts=here) for role in ("index", "work")}
        aws.s3.BucketPublicAccessBlock(
            f"{name}-index",
            bucket=stores["index"].id,
            block_public_acls=True,
            ignore_public_acls=True,
            block_public_policy=True,
            restrict_public_buckets=True,
            opts=here,
        )
        for role, bucket in stores.items():
            document = aws.iam.get_policy_document_output(
                statements=[
                    {
                        "sid": f"Read{index}",
                        "actions": ["s3:GetObject"],
                        "resources": [pulumi.Output.concat(bucket.arn, "/*")],
                        "principals": [{"type": "AWS", "identifiers": [reader]}],
                    }
                    for index, reader in enumerate(readers[role])
                ]
            )
            aws.s3.BucketPolicy(f"{name}-{role}-policy", bucket=bucket.id, policy=document.json, opts=here)


CATALOGUE = "arn:aws:iam::402918573664:role/catalogue"
Archive("archive", {"index": [CATALOGUE], "work": [CATALOGUE, "*"]})
