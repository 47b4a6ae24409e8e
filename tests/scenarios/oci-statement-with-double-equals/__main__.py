"""A statement whose condition is spelt like Python."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

BUCKET = "model-data"

policy = oci.identity.Policy(
    "read-models",
    compartment_id=tenancy,
    name="read-models",
    description="The readers fetch models",
    statements=[
        f"Allow group Readers to read objects in compartment Data where target.bucket.name == '{BUCKET}'",
    ],
)

pulumi.export("policy_ocid", policy.id)
