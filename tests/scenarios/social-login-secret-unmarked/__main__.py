"""An identity domain that lets people sign in with an external account."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()

login = oci.identity.DomainsSocialIdentityProvider(
    "partner-login",
    idcs_endpoint=config.require("domainUrl"),
    schemas=["urn:ietf:params:scim:schemas:oracle:idcs:SocialIdentityProvider"],
    name="Partner",
    service_provider_name="OpenID Connect",
    discovery_url="https://login.partner.example.com/.well-known/openid-configuration",
    consumer_key=config.require("clientId"),
    consumer_secret=config.require("clientSecret"),
    account_linking_enabled=True,
    enabled=True,
    registration_enabled=False,
    show_on_login=True,
)

pulumi.export("login_id", login.ocid)
