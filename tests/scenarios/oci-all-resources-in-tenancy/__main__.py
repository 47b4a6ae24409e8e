"""Two groups with rights on everything in the tenancy."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

developers = oci.identity.Group(
    "developers", compartment_id=tenancy, name="Developers", description="Write the services"
)
operators = oci.identity.Group("operators", compartment_id=tenancy, name="Operators", description="Run the services")
policy = oci.identity.Policy(
    "bootstrap",
    compartment_id=tenancy,
    name="bootstrap",
    description="First rights of the teams",
    statements=[
        "Allow group Developers to manage all-resources in tenancy",
        "ALLOW GROUP Operators TO use all-resources IN TENANCY",
        "Allow group Operators to read metrics in tenancy",
    ],
    opts=pulumi.ResourceOptions(depends_on=[developers, operators]),
)

pulumi.export("policy_ocid", policy.id)
