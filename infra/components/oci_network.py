"""The private network of the OCI function."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_oci as oci

_TCP = "6"
_HTTPS = 443


@dataclass(frozen=True)
class OciPrivateNetworkArgs:
    """`service_id` and `service_cidr` are OCID and CIDR label of all services in the region's Services Network.

    Both are fixed for a region and come from configuration: a look-up would make the preview need an account.
    """

    prefix: str
    compartment_id: pulumi.Input[str]
    service_id: str
    service_cidr: str


class OciPrivateNetwork(pulumi.ComponentResource):
    """A VCN with one private subnet that reaches Oracle's own services and nothing else.

    Creates the VCN, a service gateway, a route table with the one route to it, a security list without ingress and
    with HTTPS to those services as the only egress, and the subnet without public addresses.
    """

    subnet_id: pulumi.Output[str]

    def __init__(self, name: str, args: OciPrivateNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:OciPrivateNetwork", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        vcn = oci.core.Vcn(
            name,
            compartment_id=args.compartment_id,
            display_name=f"{args.prefix}-functions",
            cidr_blocks=["10.20.0.0/16"],
            dns_label="functions",
            opts=child,
        )
        gateway = oci.core.ServiceGateway(
            name,
            compartment_id=args.compartment_id,
            vcn_id=vcn.id,
            display_name=f"{args.prefix}-functions",
            services=[oci.core.ServiceGatewayServiceArgs(service_id=args.service_id)],
            opts=child,
        )
        routes = oci.core.RouteTable(
            name,
            compartment_id=args.compartment_id,
            vcn_id=vcn.id,
            display_name=f"{args.prefix}-functions",
            route_rules=[
                oci.core.RouteTableRouteRuleArgs(
                    network_entity_id=gateway.id,
                    destination=args.service_cidr,
                    destination_type="SERVICE_CIDR_BLOCK",
                )
            ],
            opts=child,
        )
        rules = oci.core.SecurityList(
            name,
            compartment_id=args.compartment_id,
            vcn_id=vcn.id,
            display_name=f"{args.prefix}-functions",
            egress_security_rules=[
                oci.core.SecurityListEgressSecurityRuleArgs(
                    protocol=_TCP,
                    destination=args.service_cidr,
                    destination_type="SERVICE_CIDR_BLOCK",
                    tcp_options=oci.core.SecurityListEgressSecurityRuleTcpOptionsArgs(min=_HTTPS, max=_HTTPS),
                )
            ],
            ingress_security_rules=[],
            opts=child,
        )
        subnet = oci.core.Subnet(
            name,
            compartment_id=args.compartment_id,
            vcn_id=vcn.id,
            display_name=f"{args.prefix}-functions",
            cidr_block="10.20.1.0/24",
            dns_label="private",
            prohibit_internet_ingress=True,
            prohibit_public_ip_on_vnic=True,
            route_table_id=routes.id,
            security_list_ids=[rules.id],
            opts=child,
        )
        self.subnet_id = subnet.id
        self.register_outputs({"subnet_id": self.subnet_id})
