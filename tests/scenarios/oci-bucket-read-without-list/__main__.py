"""Reports that anybody with the name of an object may read."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
compartment_id = config.require("compartmentOcid")

namespace = oci.objectstorage.get_namespace_output(compartment_id=compartment_id)
reports = oci.objectstorage.Bucket(
    "reports",
    compartment_id=compartment_id,
    namespace=namespace.namespace,
    name="weekly-reports",
    access_type="ObjectReadWithoutList",
    object_events_enabled=True,
)

pulumi.export("bucket_name", reports.name)
