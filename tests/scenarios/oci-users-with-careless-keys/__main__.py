"""A team set up by hand: people with keys on their laptops, and services that sign in with keys of their own."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")
domain = config.require("domainUrl")
laptop, pipeline, old = (config.require(name) for name in ("laptopKey", "pipelineKey", "oldKey"))


def user(name: str, description: str) -> oci.identity.User:
    return oci.identity.User(
        name, compartment_id=tenancy, name=name, description=description, email=f"{name}@harbourline.dev"
    )


ada = user("ada", "Keeps the tenancy running")
administrators = oci.identity.Group(
    "administrators", compartment_id=tenancy, name="tenancy-keepers", description="Keep the tenancy running"
)
oci.identity.UserGroupMembership("ada-administers", user_id=ada.id, group_id=administrators.id)
oci.identity.Policy(
    "administrators",
    compartment_id=tenancy,
    name="administrators",
    description="What the keepers of the tenancy may do",
    statements=["Allow group tenancy-keepers to manage all-resources in tenancy"],
)
oci.identity.ApiKey("ada-laptop", user_id=ada.id, key_value=laptop)

# The pipeline runs on Ada's laptop now and then, so it was given the same key.
builds = user("builds", "The build pipeline")
oci.identity.ApiKey("builds-laptop", user_id=builds.id, key_value=laptop)
oci.identity.ApiKey("builds-server", user_id=builds.id, key_value=pipeline)

archive = user("archive", "Copies old orders to the archive")
oci.identity.ApiKey("archive", user_id=archive.id, key_value=old)

reports = user("reports", "Writes reports at night")
oci.identity.ApiKey(
    "reports", user_id=reports.id, key_value="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 reports@harbourline.dev"
)

# Of the tenancy itself, and of its newer identity domain.
oci.identity.AuthenticationPolicy(
    "passwords",
    compartment_id=tenancy,
    password_policy={
        "minimum_password_length": 10,
        "is_lowercase_characters_required": True,
        "is_uppercase_characters_required": True,
        "is_numeric_characters_required": True,
        "is_special_characters_required": True,
    },
)
oci.identity.DomainsPasswordPolicy(
    "staff-passwords",
    idcs_endpoint=domain,
    schemas=["urn:ietf:params:scim:schemas:oracle:idcs:PasswordPolicy"],
    name="staff",
    password_strength="Custom",
    min_length=14,
    min_lower_case=1,
    min_upper_case=1,
    min_numerals=1,
    min_special_chars=1,
    num_passwords_in_history=24,
    password_expires_after=730,
)
