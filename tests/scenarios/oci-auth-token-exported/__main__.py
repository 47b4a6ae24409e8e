"""A pipeline user whose auth token is a plain export."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()

pusher = oci.identity.User(
    "pusher",
    compartment_id=config.require("tenancyOcid"),
    name="image-pusher",
    description="Pushes the images of the functions",
)
token = oci.identity.AuthToken("registry-token", user_id=pusher.id, description="Container registry")

pulumi.export("pusher_ocid", pusher.id)
pulumi.export("registry_token", token.token)
