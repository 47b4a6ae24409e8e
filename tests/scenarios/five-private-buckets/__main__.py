"""The storage of a company: a private bucket, logs, sites behind CloudFront, a data lake and a replicated pair."""

import json

import pulumi
import pulumi_aws as aws

ORGANIZATION = "o-a1b2c3d4e5"
PARTNERS = {"finance": "402918573664", "research": "915372840617"}
LAKE = "company-lake-dev"

here = aws.get_caller_identity()
region = aws.get_region()


def over_tls(arn: str) -> dict[str, object]:
    """A statement that denies every request to a bucket, and to its objects, that is not made over TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


class PrivateBucket(pulumi.ComponentResource):
    """A bucket that nobody outside gets into, with a policy that may name others."""

    def __init__(self, name: str, bucket: str | None = None, owned_by_writers: bool = False) -> None:
        super().__init__("company:storage:PrivateBucket", name)
        self.here = pulumi.ResourceOptions(parent=self)
        self.bucket = aws.s3.Bucket(name, bucket=bucket, opts=self.here)
        self.arn = self.bucket.arn
        self.block = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=self.bucket.id,
            block_public_acls=True,
            ignore_public_acls=True,
            block_public_policy=True,
            restrict_public_buckets=True,
            opts=self.here,
        )
        owner = "BucketOwnerPreferred" if owned_by_writers else "BucketOwnerEnforced"
        self.ownership = aws.s3.BucketOwnershipControls(
            name, bucket=self.bucket.id, rule={"object_ownership": owner}, opts=self.here
        )
        self.versions = aws.s3.BucketVersioning(
            name, bucket=self.bucket.id, versioning_configuration={"status": "Enabled"}, opts=self.here
        )
        self.register_outputs({})

    def admit(self, *statements: dict[str, object]) -> None:
        """Let others in, over TLS only."""
        known = pulumi.Output.all(arn=self.arn, statements=list(statements))
        aws.s3.BucketPolicy(
            self.bucket._name,
            bucket=self.bucket.id,
            policy=known.apply(
                lambda known: json.dumps(
                    {"Version": "2012-10-17", "Statement": [over_tls(known["arn"]), *known["statements"]]}
                )
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.block]),
        )


# 1: a plain private bucket, and one for each team.
buckets = {team: PrivateBucket(f"{team}-files") for team in ("sales", "support")}
for private in buckets.values():
    private.admit()

# 2: logs of S3 by an ACL, as it was always done, and by policy, and those of load balancers.
old_logs = PrivateBucket("old-logs", owned_by_writers=True)
aws.s3.BucketAcl(
    "old-logs",
    bucket=old_logs.bucket.id,
    acl="log-delivery-write",
    opts=pulumi.ResourceOptions(depends_on=[old_logs.ownership]),
)
logs = PrivateBucket("logs")
logs.admit(
    {
        "Sid": "ServerAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": logs.arn.apply(lambda arn: f"{arn}/s3/*"),
        "Condition": {
            "StringEquals": {"aws:SourceAccount": here.account_id},
            "ArnLike": {"aws:SourceArn": [each.arn for each in buckets.values()]},
        },
    },
    {
        "Sid": "LoadBalancerLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": logs.arn.apply(lambda arn: f"{arn}/alb/AWSLogs/{here.account_id}/*"),
        "Condition": {
            "StringEquals": {"aws:SourceAccount": here.account_id},
            "ArnLike": {
                "aws:SourceArn": f"arn:aws:elasticloadbalancing:{region.region}:{here.account_id}:loadbalancer/*"
            },
        },
    },
)
for team, private in buckets.items():
    aws.s3.BucketLogging(
        f"{team}-files", bucket=private.bucket.id, target_bucket=logs.bucket.id, target_prefix=f"s3/{team}/"
    )


# 3: sites of which CloudFront alone reads the origin, in the way of today and in the one before.
def distribution(name: str, origin: dict[str, object]) -> aws.cloudfront.Distribution:
    """A distribution with one origin and nothing else of note."""
    return aws.cloudfront.Distribution(
        name,
        enabled=True,
        default_root_object="index.html",
        origins=[{"origin_id": "bucket", **origin}],
        default_cache_behavior={
            "target_origin_id": "bucket",
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": ["GET", "HEAD"],
            "cached_methods": ["GET", "HEAD"],
            "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={"cloudfront_default_certificate": True},
    )


site = PrivateBucket("site")
control = aws.cloudfront.OriginAccessControl(
    "site", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
)
front = distribution(
    "site",
    {"domain_name": site.bucket.bucket_regional_domain_name, "origin_access_control_id": control.id},
)
site.admit(
    {
        "Sid": "ThisDistribution",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": site.arn.apply(lambda arn: f"{arn}/*"),
        "Condition": {"StringEquals": {"aws:SourceArn": front.arn}},
    }
)
manual = PrivateBucket("manual")
identity = aws.cloudfront.OriginAccessIdentity("manual", comment="Reads the manual")
distribution(
    "manual",
    {
        "domain_name": manual.bucket.bucket_regional_domain_name,
        "s3_origin_config": {"origin_access_identity": identity.cloudfront_access_identity_path},
    },
)
manual.admit(
    {
        "Sid": "ThisIdentity",
        "Effect": "Allow",
        "Principal": {"AWS": identity.iam_arn},
        "Action": "s3:GetObject",
        "Resource": manual.arn.apply(lambda arn: f"{arn}/*"),
    }
)

# 4: a data lake that named accounts, a role and the organization read.
lake = PrivateBucket("lake", bucket=LAKE)
lake.admit(
    *(
        {
            "Sid": f"Reads{name.capitalize()}",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": [f"arn:aws:s3:::{LAKE}", f"arn:aws:s3:::{LAKE}/{name}/*"],
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
        }
        for name, account in PARTNERS.items()
    ),
    {
        "Sid": "Ingestion",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{PARTNERS['research']}:role/ingestion"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{LAKE}/landing/*",
    },
    {
        "Sid": "OrganizationReadsWhatIsPublished",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{LAKE}/published/*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
    },
)

# 5: a pair, the second of which has a copy of the first.
ledger, copy = PrivateBucket("ledger"), PrivateBucket("ledger-copy")
replication = aws.iam.Role(
    "replication",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "s3.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": here.account_id}},
                }
            ],
        }
    ),
)
document = aws.iam.get_policy_document_output(
    statements=[
        {"actions": ["s3:GetReplicationConfiguration", "s3:ListBucket"], "resources": [ledger.arn]},
        {
            "actions": [
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
            ],
            "resources": [pulumi.Output.concat(ledger.arn, "/*")],
        },
        {
            "actions": ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
            "resources": [pulumi.Output.concat(copy.arn, "/*")],
        },
    ]
)
aws.iam.RolePolicy("replication", role=replication.id, policy=document.json)
aws.s3.BucketReplicationConfig(
    "ledger",
    bucket=ledger.bucket.id,
    role=replication.arn,
    rules=[
        {
            "id": "all",
            "status": "Enabled",
            "filter": {},
            "delete_marker_replication": {"status": "Enabled"},
            "destination": {"bucket": copy.arn, "storage_class": "STANDARD_IA"},
        }
    ],
    opts=pulumi.ResourceOptions(depends_on=[ledger.versions, copy.versions]),
)
for private in (ledger, copy):
    private.admit()

pulumi.export("site", pulumi.Output.concat("https://", front.domain_name))
