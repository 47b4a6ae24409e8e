"""Five AI workloads on AWS and OCI: reads the configuration, creates one component each, exports what they give."""

import pulumi

from components.ai_api_secret import AiApiSecret, AiApiSecretArgs
from components.aws_function import AwsFunctionArgs
from components.aws_names import AwsNames
from components.model_data_users import ModelDataUsers, ModelDataUsersArgs
from components.oci_function import OciFunctionArgs
from components.oci_service_account import OciServiceAccount, OciServiceAccountArgs
from components.oidc_bucket_access import OidcBucketAccess, OidcBucketAccessArgs, TokenArgs
from components.private_bucket import AccessLogBucket, AccessLogBucketArgs
from components.secure_functions import SecureFunctions, SecureFunctionsArgs

config = pulumi.Config()
aws_config = pulumi.Config("aws")
tenancy_id = pulumi.Config("oci").require("tenancyOcid")
prefix = f"{pulumi.get_project()}-{pulumi.get_stack()}"

# ARNs are made from names, and for that the account must be known before anything is asked of AWS. The account comes
# from the provider's own allow list: the provider refuses to work in any other, so the ARNs cannot name a wrong one.
account_id, *others = aws_config.require_object("allowedAccountIds")
if others:
    raise ValueError("aws:allowedAccountIds must hold exactly one account: the stack's ARNs are made from it")
names = AwsNames(account_id=account_id, region=aws_config.require("region"))

# Bucket names are global: the account id makes them the stack's own.
model_data_bucket = f"{prefix}-model-data-{names.account_id}"
artifact_bucket = f"{prefix}-artifacts-{names.account_id}"
access_logs = AccessLogBucket(
    "access-logs",
    AccessLogBucketArgs(
        names=names,
        bucket_name=f"{prefix}-access-logs-{names.account_id}",
        source_buckets=[model_data_bucket, artifact_bucket],
    ),
)

service_account = OciServiceAccount(
    "oci-service-account",
    OciServiceAccountArgs(
        prefix=prefix,
        tenancy_id=tenancy_id,
        user_email=config.require("oci_user_email"),
        public_key=config.require_secret("oci_api_public_key"),
        ai_services=config.require_object("oci_ai_services"),
    ),
)
functions = SecureFunctions(
    "secure-functions",
    SecureFunctionsArgs(
        aws=AwsFunctionArgs(names=names, prefix=prefix, caller_role=config.require("lambda_caller_role")),
        oci=OciFunctionArgs(
            prefix=prefix,
            tenancy_id=tenancy_id,
            namespace=config.require("oci_namespace"),
            image=config.require("oci_function_image"),
            image_compartment=config.require("oci_image_compartment"),
            callers=config.require_object("oci_function_callers"),
            service_id=config.require("oci_service_id"),
            service_cidr=config.require("oci_service_cidr"),
        ),
    ),
)
model_data_users = ModelDataUsers(
    "model-data-users",
    ModelDataUsersArgs(
        names=names,
        prefix=prefix,
        users=config.require_object("ai_model_users"),
        bucket_name=model_data_bucket,
        log_bucket=access_logs,
    ),
)
api_secret = AiApiSecret(
    "ai-api-secret",
    AiApiSecretArgs(
        names=names,
        prefix=prefix,
        api_key=config.require_secret("api_key"),
        reader_role=config.require("api_key_reader_role"),
    ),
)
bucket_access = OidcBucketAccess(
    "oidc-bucket-access",
    OidcBucketAccessArgs(
        names=names,
        prefix=prefix,
        token=TokenArgs(
            issuer=config.require("oidc_issuer"),
            audience=config.require("oidc_audience"),
            subject=config.require("oidc_subject"),
            claims=config.require_object("oidc_claims"),
        ),
        bucket_name=artifact_bucket,
        log_bucket=access_logs,
    ),
)

pulumi.export("user_ocid", service_account.user_ocid)
pulumi.export("api_key_fingerprint", service_account.api_key_fingerprint)
pulumi.export("lambda_function_arn", functions.lambda_function_arn)
pulumi.export("oci_function_id", functions.oci_function_id)
pulumi.export("ai_user_name", model_data_users.user_names)
pulumi.export("ai_access_key_id", model_data_users.access_key_ids)
pulumi.export("ai_secret_access_key", model_data_users.secret_access_keys)
pulumi.export("api_secret_arn", api_secret.secret_arn)
pulumi.export("role_name", bucket_access.role_name)
pulumi.export("policy_arn", bucket_access.policy_arn)
pulumi.export("bucket_name", bucket_access.bucket_name)
