"""Model cards in a bucket that anonymous visitors may list and read."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

compartment = oci.identity.Compartment(
    "cards", compartment_id=tenancy, name="model-cards", description="Model cards", enable_delete=True
)
namespace = oci.objectstorage.get_namespace(compartment_id=tenancy).namespace
bucket = oci.objectstorage.Bucket(
    "cards",
    compartment_id=compartment.id,
    namespace=namespace,
    name="model-cards",
    access_type="ObjectRead",
    versioning="Enabled",
)

pulumi.export("bucket_name", bucket.name)
