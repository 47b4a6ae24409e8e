"""Stores, keys, a cluster and a build, each with the setting that was easiest on the first day."""

import pulumi
import pulumi_aws as aws
import pulumi_oci as oci

OWN = "804713265920"
config = pulumi.Config()

key = aws.kms.Key("shop", description="Encrypts what the shop stores")
secret = aws.secretsmanager.Secret("supplier", kms_key_id=key.arn, recovery_window_in_days=0)

vault = oci.kms.Vault(
    "shop", compartment_id=config.require("compartmentOcid"), display_name="shop", vault_type="VIRTUAL_PRIVATE"
)
oci.kms.Key(
    "shop-key",
    compartment_id=config.require("compartmentOcid"),
    display_name="shop",
    key_shape={"algorithm": "AES", "length": 32},
    management_endpoint=vault.management_endpoint,
)

aws.eks.Cluster(
    "apps",
    role_arn=f"arn:aws:iam::{OWN}:role/eks-control-plane",
    version="1.27",
    vpc_config={"subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60718"]},
)

uploader = aws.iam.User("uploader", name="uploader")
credentials = aws.iam.AccessKey("uploader", user=uploader.name)
aws.codebuild.Project(
    "upload",
    service_role=f"arn:aws:iam::{OWN}:role/build-upload",
    artifacts={"type": "NO_ARTIFACTS"},
    source={"type": "GITHUB", "location": "https://github.com/acme/shop.git"},
    environment={
        "compute_type": "BUILD_GENERAL1_SMALL",
        "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        "type": "LINUX_CONTAINER",
        "environment_variables": [
            {"name": "AWS_ACCESS_KEY_ID", "value": credentials.id},
            {"name": "AWS_SECRET_ACCESS_KEY", "value": credentials.secret},
            {"name": "AWS_REGION", "value": "eu-west-1"},
        ],
    },
)

pulumi.export("secret_arn", secret.arn)
