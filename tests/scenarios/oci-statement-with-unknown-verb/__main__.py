"""A statement with a verb that OCI does not have."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

compartment = oci.identity.Compartment(
    "data", compartment_id=tenancy, name="Data", description="Model data", enable_delete=True
)
policy = oci.identity.Policy(
    "write-models",
    compartment_id=tenancy,
    name="write-models",
    description="The trainers deliver models",
    statements=[
        "Allow group Trainers to inspect buckets in compartment Data",
        "Allow group Trainers to write objects in compartment Data where target.bucket.name = 'models'",
    ],
    opts=pulumi.ResourceOptions(depends_on=[compartment]),
)

pulumi.export("policy_ocid", policy.id)
