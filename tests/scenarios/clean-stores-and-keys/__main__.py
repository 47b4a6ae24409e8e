"""Stores, keys, a cluster, a database and a build that keep their secrets to themselves."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_oci as oci

OWN = "804713265920"
config = pulumi.Config()

key = aws.kms.Key(
    "shop", description="Encrypts what the shop stores", enable_key_rotation=True, rotation_period_in_days=180
)
signing = aws.kms.Key(
    "signing", description="Signs releases", key_usage="SIGN_VERIFY", customer_master_key_spec="ECC_NIST_P256"
)
secret = aws.secretsmanager.Secret("supplier", name=config.require("supplierSecretName"), kms_key_id=key.arn)
aws.secretsmanager.SecretRotation(
    "supplier",
    secret_id=secret.id,
    rotation_lambda_arn=f"arn:aws:lambda:eu-west-1:{OWN}:function:rotate",
    rotation_rules={"automatically_after_days": config.require_int("passwordRotationDays")},
)

vault = oci.kms.Vault(
    "shop", compartment_id=config.require("compartmentOcid"), display_name="shop", vault_type="DEFAULT"
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
    version="1.33",
    encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
    vpc_config={"subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60718"]},
)

database = aws.rds.Instance(
    "features",
    identifier="features",
    engine="postgres",
    engine_version="17.2",
    instance_class="db.t4g.small",
    allocated_storage=20,
    db_name=config.require("databaseName"),
    username=config.require("databaseUser"),
    manage_master_user_password=True,
    storage_encrypted=True,
    skip_final_snapshot=True,
)
lambda_trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
    ],
}
reporting = aws.iam.Role("reporting", assume_role_policy=json.dumps(lambda_trust))
login = database.master_user_secrets[0]
aws.iam.RolePolicy(
    "reporting-logs-in",
    role=reporting.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": login.secret_arn},
                {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": login.kms_key_id},
            ],
        }
    ),
)
aws.ssm.Parameter(
    "supplier-login",
    name="/shop/supplier-login",
    type="SecureString",
    key_id=key.arn,
    value="CHANGEME",
    opts=pulumi.ResourceOptions(ignore_changes=["value"]),
)
aws.ssm.Parameter(
    "features",
    name="/shop/features",
    type="String",
    value=database.address.apply(lambda host: json.dumps({"host": host, "user": config.require("databaseUser")})),
)

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
            {"name": "AWS_REGION", "value": "eu-west-1"},
            {"name": "SUPPLIER_TOKEN_URL", "value": config.require("supplierTokenUrl")},
            {"name": "SUPPLIER_TOKEN", "value": "shop/supplier/api-token:token", "type": "SECRETS_MANAGER"},
        ],
    },
)

pulumi.export("secret_arn", secret.arn)
pulumi.export("signing_key_arn", signing.arn)
