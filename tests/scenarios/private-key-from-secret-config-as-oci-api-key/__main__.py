"""The key is encrypted in the configuration, yet it is still the private half that goes to the service."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
compartment_id = config.require("compartmentOcid")


def rsa_pem(body: str) -> str:
    """Put the lines back that the configuration leaves out."""
    label = "RSA PRIVATE KEY"
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


group = oci.identity.Group(
    "group", compartment_id=compartment_id, name="vision-callers", description="May call the vision service"
)
user = oci.identity.User(
    "user", compartment_id=compartment_id, name="vision-service", description="Calls the vision service"
)
oci.identity.UserGroupMembership("membership", group_id=group.id, user_id=user.id)

key = oci.identity.ApiKey(
    "signing-key",
    user_id=user.id,
    key_value=config.require_secret("signingKeyBody").apply(rsa_pem),
)

pulumi.export("api_key_fingerprint", key.fingerprint)
