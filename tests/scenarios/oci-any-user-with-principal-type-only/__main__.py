"""Functions that every gateway of the tenancy may invoke."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

policy = oci.identity.Policy(
    "gateway-invokes",
    compartment_id=tenancy,
    name="gateway-invokes-functions",
    description="The public gateway invokes the functions",
    statements=[
        "Allow any-user to use fn-invocation in compartment Payments where request.principal.type = 'ApiGateway'",
    ],
)

pulumi.export("policy_ocid", policy.id)
