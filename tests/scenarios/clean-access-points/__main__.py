"""A data lake whose bucket leaves access to its access points: one for a VPC, one for a partner's role."""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity()
lake = aws.s3.Bucket("lake")

aws.s3.BucketPublicAccessBlock(
    "lake-block",
    bucket=lake.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)


def delegation(arn: str) -> str:
    """Access points of this account decide, and nobody gets in without TLS."""
    both = [arn, f"{arn}/*"]
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
                    "Resource": both,
                    "Condition": {"StringEquals": {"s3:DataAccessPointAccount": account.account_id}},
                },
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": both,
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ],
        }
    )


aws.s3.BucketPolicy("lake-policy", bucket=lake.id, policy=lake.arn.apply(delegation))

network = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
inside = aws.s3.AccessPoint(
    "inside", bucket=lake.id, vpc_configuration=aws.s3.AccessPointVpcConfigurationArgs(vpc_id=network.id)
)
aws.s3control.AccessPointPolicy(
    "inside-policy",
    access_point_arn=inside.arn,
    policy=inside.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/object/*"}
                ],
            }
        )
    ),
)

analysts = aws.iam.Role(
    "analysts",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    ),
)
reports = aws.s3.AccessPoint("reports", bucket=lake.id)
aws.s3control.AccessPointPolicy(
    "reports-policy",
    access_point_arn=reports.arn,
    policy=pulumi.Output.all(reports.arn, analysts.arn).apply(
        lambda known: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": known[1]},
                        "Action": ["s3:GetObject"],
                        "Resource": f"{known[0]}/object/reports/*",
                    }
                ],
            }
        )
    ),
)

aws.s3control.MultiRegionAccessPoint(
    "everywhere",
    details=aws.s3control.MultiRegionAccessPointDetailsArgs(
        name="lake-everywhere", regions=[aws.s3control.MultiRegionAccessPointDetailsRegionArgs(bucket=lake.id)]
    ),
)
