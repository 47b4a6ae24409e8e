"""A service account whose API key was taken from the wrong file of the key pair."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

PEM_LABEL = "PRIVATE KEY"
pem = "\n".join([f"-----BEGIN {PEM_LABEL}-----", config.require("keyBody"), f"-----END {PEM_LABEL}-----"])

user = oci.identity.User(
    "user",
    compartment_id=tenancy,
    name="speech-service",
    description="Service account that calls the speech service",
    email="speech-service@example.com",
)

key = oci.identity.ApiKey("key", user_id=user.id, key_value=pem)

pulumi.export("user_ocid", user.id)
pulumi.export("api_key_fingerprint", key.fingerprint)
