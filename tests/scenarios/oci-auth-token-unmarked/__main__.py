"""A pipeline user that pushes images with an auth token."""

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
pulumi.export("token_expires", token.time_expires)
