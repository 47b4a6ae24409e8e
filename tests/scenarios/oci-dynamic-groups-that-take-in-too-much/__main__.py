"""Dynamic groups of several teams, each for one purpose, and a function that the web site calls."""

import pulumi
import pulumi_oci as oci

tenancy = pulumi.Config().require("tenancyOcid")


def group(name: str, rule: pulumi.Input[str], description: str) -> oci.identity.DynamicGroup:
    return oci.identity.DynamicGroup(
        name, compartment_id=tenancy, name=name, description=description, matching_rule=rule
    )


orders = oci.identity.Compartment("orders", compartment_id=tenancy, name="orders", description="Orders")
IN_ORDERS = pulumi.Output.concat("resource.compartment.id = '", orders.id, "'")

# As it should be.
group(
    "invoice-writers",
    pulumi.Output.concat("ALL {resource.type = 'fnfunc', ", IN_ORDERS, "}"),
    "Functions that write invoices",
)

group("everything-but-instances", "resource.type != 'instance'", "Services without a machine of their own")
group("gateways", "ALL {resource.type = 'ApiGateway'}", "Gateways that call functions")
group("orders-services", pulumi.Output.concat("Any {", IN_ORDERS, "}"), "All that the orders team runs")
group("orders-workers", pulumi.Output.concat("instance.compartment.id = '", orders.id, "'"), "Workers of orders")
group("backup-agents", "tag.operations.backup.value = 'agent'", "Whatever makes backups")
group(
    "receipt-writers",
    pulumi.Output.concat("ALL {resource.type = 'fnfunction', ", IN_ORDERS, "}"),
    "Functions that write receipts",
)

vcn = oci.core.Vcn("orders", compartment_id=orders.id, cidr_blocks=["10.20.0.0/16"], display_name="orders")
subnet = oci.core.Subnet("orders", compartment_id=orders.id, vcn_id=vcn.id, cidr_block="10.20.1.0/24")
application = oci.functions.Application(
    "orders", compartment_id=orders.id, display_name="orders", subnet_ids=[subnet.id]
)
receipt = oci.functions.Function(
    "receipt",
    application_id=application.id,
    display_name="receipt",
    image="eu-frankfurt-1.ocir.io/harbourline/receipt:1.4.2",
    memory_in_mbs="256",
)
gateway = oci.apigateway.Gateway("web", compartment_id=orders.id, endpoint_type="PUBLIC", subnet_id=subnet.id)
oci.apigateway.Deployment(
    "web",
    compartment_id=orders.id,
    gateway_id=gateway.id,
    path_prefix="/orders",
    specification={
        "request_policies": {"rate_limiting": {"rate_in_requests_per_second": 5, "rate_key": "CLIENT_IP"}},
        "routes": [
            {
                "path": "/health",
                "methods": ["GET"],
                "backend": {"type": "STOCK_RESPONSE_BACKEND", "status": 200, "body": "ok"},
            },
            {
                "path": "/receipt",
                "methods": ["POST"],
                "backend": {"type": "ORACLE_FUNCTIONS_BACKEND", "function_id": receipt.id},
            },
        ],
    },
)
