"""One bucket that the members of all groups may change."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

namespace = oci.objectstorage.get_namespace(compartment_id=tenancy).namespace
bucket = oci.objectstorage.Bucket(
    "landing", compartment_id=tenancy, namespace=namespace, name="landing", access_type="NoPublicAccess"
)
policy = oci.identity.Policy(
    "landing-access",
    compartment_id=tenancy,
    name="landing-access",
    description="Deliveries to the landing bucket",
    statements=["Allow any-group to manage objects in tenancy where target.bucket.name = 'landing'"],
)

pulumi.export("bucket_name", bucket.name)
pulumi.export("policy_ocid", policy.id)
