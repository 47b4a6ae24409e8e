"""Pipelines of three providers exchange their tokens for sessions in OCI, pods read what they need, people sign in."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")
domain = config.require("domainUrl")
TRUST = ["urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust"]
USER = ["urn:ietf:params:scim:schemas:core:2.0:User"]
ORDERS = "request.principal.type = 'workload', request.principal.namespace = 'orders'"
READER = f"{ORDERS}, request.principal.service_account = 'reader'"
GITHUB = "https://token.actions.githubusercontent.com"

exchange = oci.identity.DomainsApp(
    "exchange",
    idcs_endpoint=domain,
    schemas=["urn:ietf:params:scim:schemas:oracle:idcs:App"],
    display_name="token-exchange",
    based_on_template={"value": "CustomWebAppTemplateId"},
    is_oauth_client=True,
    client_type="confidential",
    allowed_grants=["client_credentials"],
    active=True,
    opts=pulumi.ResourceOptions(additional_secret_outputs=["client_secret", "hashed_client_secret"]),
)
deployer = oci.identity.DomainsUser(
    "deployer",
    idcs_endpoint=domain,
    schemas=USER,
    user_name="deployer",
    urnietfparamsscimschemasoracleidcsextensionuser_user={"service_user": True},
)

# As in the first example that turns up.
oci.identity.DomainsIdentityPropagationTrust(
    "github",
    idcs_endpoint=domain,
    schemas=TRUST,
    name="github-actions",
    type="JWT",
    active=True,
    issuer=GITHUB,
    public_key_endpoint=f"{GITHUB}/.well-known/jwks",
    subject_type="User",
    allow_impersonation=True,
    impersonation_service_users=[{"rule": "sub eq *", "value": deployer.id}],
)
oci.identity.DomainsIdentityPropagationTrust(
    "gitlab",
    idcs_endpoint=domain,
    schemas=TRUST,
    name="gitlab",
    type="JWT",
    active=True,
    issuer="https://gitlab.com",
    public_key_endpoint="https://gitlab.com/oauth/discovery/keys",
    client_claim_name="aud",
    client_claim_values=[domain],
    clock_skew_seconds=3600,
    oauth_clients=[exchange.name],
    subject_type="User",
    allow_impersonation=True,
    impersonation_service_users=[{"rule": "sub eq 'project_path:harbourline/*'", "value": deployer.id}],
)
oci.identity.DomainsIdentityPropagationTrust(
    "buildkite",
    idcs_endpoint=domain,
    schemas=TRUST,
    name="buildkite",
    type="JWT",
    active=True,
    issuer="https://agent.buildkite.com",
    client_claim_name="aud",
    client_claim_values=[domain],
    oauth_clients=[exchange.name],
    subject_type="User",
    allow_impersonation=True,
    impersonation_service_users=[
        {"rule": "sub eq 'organization:harbourline:pipeline:ferries:*'", "value": deployer.id}
    ],
)
oci.identity.DomainsIdentityPropagationTrust(
    "directory",
    idcs_endpoint=domain,
    schemas=TRUST,
    name="directory",
    type="JWT",
    active=True,
    issuer="https://sts.windows.net/<tenant-id>/",
    public_key_endpoint="http://login.harbourline.dev/keys",
    client_claim_name="appid",
    client_claim_values=["6d0c1b52-9f4e-4a37-8c21-0b7e5d3f9a18"],
    oauth_clients=[exchange.name],
    subject_claim_name="unique_name",
    subject_mapping_attribute="userName",
    subject_type="User",
)
# The one that is as it should be.
oci.identity.DomainsIdentityPropagationTrust(
    "build-servers",
    idcs_endpoint=domain,
    schemas=TRUST,
    name="build-servers",
    type="JWT",
    active=True,
    issuer="https://build.harbourline.dev",
    public_key_endpoint="https://build.harbourline.dev/keys",
    client_claim_name="aud",
    client_claim_values=[domain],
    oauth_clients=[exchange.name],
    subject_type="User",
    allow_impersonation=True,
    impersonation_service_users=[{"rule": 'sub eq "release-of-ferries"', "value": deployer.id}],
)

cluster = oci.containerengine.Cluster(
    "apps",
    compartment_id=tenancy,
    kubernetes_version="v1.31.1",
    name="apps",
    vcn_id="ocid1.vcn.oc1.eu-frankfurt-1.examplevcn",
    type="ENHANCED_CLUSTER",
)
oci.identity.Policy(
    "pods",
    compartment_id=tenancy,
    name="pods",
    description="What pods may read",
    statements=[
        f"Allow any-user to read secret-bundles in compartment Apps where all {{{READER}}}",
        pulumi.Output.concat(
            f"Allow any-user to read objects in compartment Apps where all {{{ORDERS}, request.principal.cluster_id = '",
            cluster.id,
            "'}",
        ),
    ],
)

administrators = oci.identity.Group(
    "administrators", compartment_id=tenancy, name="Administrators", description="Administer the tenancy"
)
directory = oci.identity.IdentityProvider(
    "directory",
    compartment_id=tenancy,
    name="directory",
    description="The directory of the company",
    metadata="<EntityDescriptor/>",
    metadata_url="https://adfs.harbourline.dev/FederationMetadata/2007-06/FederationMetadata.xml",
    product_type="ADFS",
    protocol="SAML2",
)
oci.identity.IdpGroupMapping(
    "operations",
    group_id=administrators.id,
    identity_provider_id=directory.id,
    idp_group_name="Operations",
)
