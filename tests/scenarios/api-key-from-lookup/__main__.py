"""The API key of an OCI user is fetched from a parameter of the AWS account."""

import pulumi
import pulumi_aws as aws
import pulumi_oci as oci

config = pulumi.Config()

stored = aws.ssm.get_parameter(name="/oci/language-service/public-key")

user = oci.identity.User(
    "user",
    compartment_id=config.require("tenancyOcid"),
    name="language-service",
    description="Service account that calls the language service",
)

key = oci.identity.ApiKey("looked-up-key", user_id=user.id, key_value=stored.value)

pulumi.export("api_key_fingerprint", key.fingerprint)
