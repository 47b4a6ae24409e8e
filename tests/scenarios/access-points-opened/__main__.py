"""Map tiles that partners fetch through access points, one for each kind of partner."""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity()
tiles = aws.s3.Bucket("tiles")

aws.s3.BucketPolicy(
    "tiles-delegation",
    bucket=tiles.id,
    policy=tiles.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": ["s3:GetObject", "s3:ListBucket"],
                        "Resource": [arn, f"{arn}/*"],
                        "Condition": {"StringEquals": {"s3:DataAccessPointAccount": account.account_id}},
                    }
                ],
            }
        )
    ),
)

UNBLOCKED = aws.s3.AccessPointPublicAccessBlockConfigurationArgs(
    block_public_acls=False, block_public_policy=False, ignore_public_acls=False, restrict_public_buckets=False
)


def readers(arn: str) -> str:
    """Everybody may read what lies behind an access point."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{arn}/object/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


partners = aws.s3.AccessPoint("partners", bucket=tiles.id, public_access_block_configuration=UNBLOCKED)
aws.s3control.AccessPointPolicy("partners-policy", access_point_arn=partners.arn, policy=partners.arn.apply(readers))

# The block that an access point has by itself was left alone here.
press = aws.s3.AccessPoint("press", bucket=tiles.id)
aws.s3control.AccessPointPolicy("press-policy", access_point_arn=press.arn, policy=press.arn.apply(readers))

aws.s3.AccessPoint("engineers", bucket=tiles.id, public_access_block_configuration=UNBLOCKED)

tables = aws.s3tables.TableBucket("usage")
aws.s3tables.TableBucketPolicy(
    "usage-policy",
    table_bucket_arn=tables.arn,
    resource_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3tables:GetTableData", "Resource": "*"}],
        }
    ),
)

pulumi.export("partners", partners.alias)
