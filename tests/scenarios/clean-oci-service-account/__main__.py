"""A service account for two AI services in one compartment."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

compartment = oci.identity.Compartment(
    "ai", compartment_id=tenancy, name="ai", description="AI workloads", enable_delete=True
)
user = oci.identity.User("caller", compartment_id=tenancy, name="ai-caller", description="Calls the AI services")
group = oci.identity.Group("callers", compartment_id=tenancy, name="ai-callers", description="Call the AI services")
oci.identity.UserGroupMembership("caller", user_id=user.id, group_id=group.id)
key = oci.identity.ApiKey("caller", user_id=user.id, key_value=config.require("apiPublicKey"))
token = oci.identity.AuthToken(
    "registry",
    user_id=user.id,
    description="Container registry",
    opts=pulumi.ResourceOptions(additional_secret_outputs=["token"]),
)
oci.identity.Policy(
    "callers",
    compartment_id=compartment.id,
    name="ai-callers",
    description="The callers use language and vision",
    statements=[
        pulumi.Output.concat("Allow group id ", group.id, " to use ", family, " in compartment id ", compartment.id)
        for family in ("ai-service-language-family", "ai-service-vision-family")
    ],
)

pulumi.export("user_ocid", user.id)
pulumi.export("api_key_fingerprint", key.fingerprint)
pulumi.export("registry_token", token.token)
