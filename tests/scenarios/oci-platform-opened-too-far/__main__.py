"""Policies that a platform team wrote one request at a time, each a little wider than what was asked for."""

from collections.abc import Sequence

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")


def policy(name: str, description: str, statements: Sequence[pulumi.Input[str]]) -> None:
    oci.identity.Policy(
        name, compartment_id=tenancy, name=f"platform-{name}", description=description, statements=statements
    )


# The desk resets passwords and puts people into groups.
policy(
    "help-desk",
    "Accounts of people",
    [
        "Allow group HelpDesk to {USER_UIPASS_RESET, USER_UNBLOCK} in tenancy",
        "Allow group HelpDesk to use groups in tenancy",
        "Allow group HelpDesk to use users in tenancy where target.user.name != 'break-glass'",
    ],
)
policy(
    "identity",
    "Onboarding of teams, with their policies and single sign-on",
    [
        "Allow group Onboarding to manage policies in tenancy",
        "Allow group Onboarding to manage dynamic-groups in tenancy",
        "Allow group Onboarding to manage identity-providers in tenancy",
        "Allow group Onboarding to use groups in tenancy where target.group.name != 'Administrators'",
    ],
)
policy(
    "operations",
    "Those who are called at night",
    [
        "Allow group OnCall to manage instance-agent-command-family in tenancy",
        "Allow group OnCall to manage functions-family in compartment Payments",
        "Allow group OnCall to manage volume-family in tenancy where request.permission != 'VOLUME_DELETE'",
        "Allow group OnCall to manage all-resources in compartment Sandbox",
    ],
)
policy(
    "data",
    "Reports on what the shops sell",
    [
        "Allow group Reporting to read objects in tenancy",
        "Allow group Reporting to use buckets in tenancy where target.bucket.name = /*/",
        "Allow group Reporting to read secret-family in tenancy",
        "Allow group Reporting to use keys in tenancy where request.networkSource.name = 'office'",
        "Allow group Reporting to read repos in compartment Shops where all {target.repo.name = 'a', target.repo.name = 'b'}",
        "Allow group Reporting to read log-content in compartment Shops where any {request.region = /*/, request.region = 'fra'}",
    ],
)
policy(
    "machines",
    "What runs on the platform",
    [
        "Allow dynamic-group builders to use virtual-network-family in tenancy",
        "Allow service OKE to manage virtual-network-family in tenancy",
    ],
)
policy(
    "partners",
    "Orders go to the carrier, and come from whoever sends some",
    [
        pulumi.Output.concat("Define tenancy Carrier as ", config.require("carrierTenancyOcid")),
        pulumi.Output.concat("Define group CarrierOps as ", config.require("carrierGroupOcid")),
        "Admit group CarrierOps of tenancy Carrier to manage object-family in compartment Exchange",
        "Admit any-user of any-tenancy to read objects in compartment Catalogue",
        "Endorse group Shipping to manage objects in any-tenancy",
    ],
)
