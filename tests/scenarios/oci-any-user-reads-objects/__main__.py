"""Objects of a compartment that every principal may read."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

compartment = oci.identity.Compartment(
    "data", compartment_id=tenancy, name="model-data", description="Model data", enable_delete=True
)
group = oci.identity.Group("curators", compartment_id=tenancy, name="curators", description="Curate model data")
policy = oci.identity.Policy(
    "data-access",
    compartment_id=compartment.id,
    name="model-data-access",
    description="Who may use the model data",
    statements=[
        pulumi.Output.concat("Allow group ", group.name, " to manage objects in compartment id ", compartment.id),
        pulumi.Output.concat("Allow any-user to read objects in compartment id ", compartment.id),
    ],
)

pulumi.export("policy_ocid", policy.id)
