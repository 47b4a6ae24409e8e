"""An identity-domain user whose API key is an encrypted PKCS#8 file."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
endpoint = config.require("domainUrl")
SCHEMA = "urn:ietf:params:scim:schemas:oracle:idcs:apikey"

user = oci.identity.DomainsUser(
    "user",
    idcs_endpoint=endpoint,
    schemas=["urn:ietf:params:scim:schemas:core:2.0:User"],
    user_name="batch-runner",
    name=oci.identity.DomainsUserNameArgs(family_name="Runner", given_name="Batch"),
    emails=[
        oci.identity.DomainsUserEmailArgs(type="work", value="batch@example.com", primary=True),
        oci.identity.DomainsUserEmailArgs(type="recovery", value="batch@example.com"),
    ],
)

words = ["ENCRYPTED", "PRIVATE", "KEY"]
fence = "-" * 5
pem = f"{fence}BEGIN {' '.join(words)}{fence}\n{config.require('keyBody')}\n{fence}END {' '.join(words)}{fence}"

oci.identity.DomainsApiKey(
    "domain-key",
    idcs_endpoint=endpoint,
    schemas=[SCHEMA],
    key=pem,
    user=oci.identity.DomainsApiKeyUserArgs(value=user.id),
)

pulumi.export("user_name", user.user_name)
