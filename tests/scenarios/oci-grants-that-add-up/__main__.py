"""A shop on OCI. Each statement was asked for by one team, and none of them looks like much."""

import pulumi
import pulumi_oci as oci

tenancy = pulumi.Config().require("tenancyOcid")


def policy(name: str, description: str, *statements: str) -> None:
    oci.identity.Policy(name, compartment_id=tenancy, name=name, description=description, statements=list(statements))


def group(name: str, description: str) -> oci.identity.Group:
    return oci.identity.Group(name, compartment_id=tenancy, name=name, description=description)


shop = oci.identity.Compartment("shop", compartment_id=tenancy, name="Shop", description="All of the shop")
orders = oci.identity.Compartment("orders", compartment_id=shop.id, name="Orders", description="Orders")
billing = oci.identity.Compartment("billing", compartment_id=shop.id, name="Billing", description="Invoices")

namespace = "harbourline"
for name, where in (("receipts", orders), ("invoices", billing)):
    oci.objectstorage.Bucket(
        name,
        compartment_id=where.id,
        namespace=namespace,
        name=name,
        access_type="NoPublicAccess",
        versioning="Enabled",
    )

vcn = oci.core.Vcn("orders", compartment_id=orders.id, cidr_blocks=["10.20.0.0/16"], display_name="orders")
subnet = oci.core.Subnet("orders", compartment_id=orders.id, vcn_id=vcn.id, cidr_block="10.20.1.0/24")
application = oci.functions.Application(
    "orders", compartment_id=orders.id, display_name="orders", subnet_ids=[subnet.id]
)
oci.functions.Function(
    "receipt",
    application_id=application.id,
    display_name="receipt",
    image="eu-frankfurt-1.ocir.io/harbourline/receipt:2.0.1",
    memory_in_mbs="256",
)
oci.identity.DynamicGroup(
    "receipt-writers",
    compartment_id=tenancy,
    name="receipt-writers",
    description="Functions of orders",
    matching_rule=pulumi.Output.concat("ALL {resource.type = 'fnfunc', resource.compartment.id = '", orders.id, "'}"),
)
status = oci.functions.Application("status", compartment_id=billing.id, display_name="status", subnet_ids=[subnet.id])
paid = oci.functions.Function(
    "paid",
    application_id=status.id,
    display_name="paid",
    image="eu-frankfurt-1.ocir.io/harbourline/paid:1.1.0",
    memory_in_mbs="256",
)
oci.identity.DynamicGroup(
    "payment-hooks",
    compartment_id=tenancy,
    name="payment-hooks",
    description="The function that the payment provider calls",
    matching_rule=pulumi.Output.concat("resource.id = '", paid.id, "'"),
)
gateway = oci.apigateway.Gateway("web", compartment_id=billing.id, endpoint_type="PUBLIC", subnet_id=subnet.id)
oci.apigateway.Deployment(
    "web",
    compartment_id=billing.id,
    gateway_id=gateway.id,
    path_prefix="/pay",
    specification={
        "routes": [
            {
                "path": "/paid",
                "methods": ["POST"],
                "backend": {"type": "ORACLE_FUNCTIONS_BACKEND", "function_id": paid.id},
            },
        ],
    },
)

# The compartment was meant to keep the group out of the rest, and there is no rest.
group("shop-keepers", "Run the shop")
policy("shop", "What the keepers do", "Allow group shop-keepers to manage all-resources in compartment Shop")

# To change a function is to act as one.
group("order-developers", "Write the functions of orders")
policy(
    "orders",
    "Functions of orders",
    "Allow group order-developers to manage functions-family in compartment Shop:Orders",
    "Allow dynamic-group receipt-writers to manage dynamic-groups in compartment Shop",
)
policy(
    "payments",
    "The payment provider's function",
    "Allow dynamic-group payment-hooks to read secret-family in compartment Shop:Billing",
)

# One team keeps the list of who is on call, another keeps addresses up to date; Ada is in both.
keepers = group("list-keepers", "Keep the list of who is on call")
addresses = group("address-keepers", "Keep the addresses of users up to date")
group("on-call", "Mend what breaks at night")
ada = oci.identity.User("ada", compartment_id=tenancy, name="ada", description="Ada", email="ada@harbourline.dev")
oci.identity.UserGroupMembership("ada-keeps-the-list", user_id=ada.id, group_id=keepers.id)
oci.identity.UserGroupMembership("ada-keeps-addresses", user_id=ada.id, group_id=addresses.id)
policy(
    "people",
    "Who keeps what of people",
    "Allow group list-keepers to use groups in tenancy where target.group.name = 'on-call'",
    "Allow group address-keepers to use users in tenancy where target.user.name != 'root'",
    "Allow group on-call to use instance-agent-command-family in compartment Shop",
)
