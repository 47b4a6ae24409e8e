"""Workload 2, OCI half: a function that named groups may invoke and that reads its own bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_oci as oci

from .oci_network import OciPrivateNetwork, OciPrivateNetworkArgs


@dataclass(frozen=True)
class OciFunctionArgs:
    """`prefix` begins every name; `callers` are names of existing groups.

    `image` is a registry path with tag, `image_compartment` the name or colon path of its repository's compartment.
    `service_id` and `service_cidr` are those of the region's Services Network.
    """

    prefix: str
    tenancy_id: str
    namespace: str
    image: str
    image_compartment: str
    callers: Sequence[str]
    service_id: str
    service_cidr: str


class OciFunction(pulumi.ComponentResource):
    """An OCI function in a private subnet and a compartment of its own, with the bucket it reads.

    Creates the compartment, network, application, function and bucket, the dynamic group of exactly this function, and
    a policy: the named groups invoke, the function reads the objects of its bucket, the Functions service attaches to
    the subnet and pulls the image. Serves the export `oci_function_id`.
    """

    function_id: pulumi.Output[str]

    def __init__(self, name: str, args: OciFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:OciFunction", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        compartment_name = f"{args.prefix}-functions"
        dynamic_group_name = f"{args.prefix}-inference-function"
        bucket_name = f"{args.prefix}-inference-data"

        compartment = oci.identity.Compartment(
            name,
            compartment_id=args.tenancy_id,
            name=compartment_name,
            description="The inference function, its network and its bucket",
            enable_delete=True,
            opts=child,
        )
        network = OciPrivateNetwork(
            name,
            OciPrivateNetworkArgs(
                prefix=args.prefix,
                compartment_id=compartment.id,
                service_id=args.service_id,
                service_cidr=args.service_cidr,
            ),
            child,
        )
        bucket = oci.objectstorage.Bucket(
            name,
            compartment_id=compartment.id,
            namespace=args.namespace,
            name=bucket_name,
            access_type="NoPublicAccess",
            versioning="Enabled",
            opts=child,
        )
        application = oci.functions.Application(
            name,
            compartment_id=compartment.id,
            display_name=f"{args.prefix}-inference",
            subnet_ids=[network.subnet_id],
            opts=child,
        )
        function = oci.functions.Function(
            name,
            application_id=application.id,
            display_name=f"{args.prefix}-inference",
            source_details=oci.functions.FunctionSourceDetailsArgs(source_type="CONTAINER_IMAGE", image=args.image),
            memory_in_mbs="512",
            timeout_in_seconds=60,
            config={"BUCKET": bucket.name, "NAMESPACE": args.namespace},
            opts=child,
        )
        # Matched by its OCID, which does not exist before the first update: this rule alone is unknown at a preview.
        # The forms that could be read then are wider: a compartment takes in its future functions, and a tag moves the
        # decision to whoever may set that tag.
        dynamic_group = oci.identity.DynamicGroup(
            name,
            compartment_id=args.tenancy_id,
            name=dynamic_group_name,
            description="The inference function, acting as itself",
            matching_rule=pulumi.Output.format("ALL {{resource.type = 'fnfunc', resource.id = '{0}'}}", function.id),
            opts=child,
        )
        # Attached to the tenancy, where the compartment's name resolves. The compartment holds this one function, so
        # invoking in the compartment is invoking it, without an OCID that would hide the statement from a preview.
        oci.identity.Policy(
            name,
            compartment_id=args.tenancy_id,
            name=f"{args.prefix}-inference-function",
            description="Callers of the inference function, and what the function reads",
            statements=[
                *(
                    f"Allow group {caller} to use fn-invocation in compartment {compartment_name}"
                    for caller in args.callers
                ),
                (
                    f"Allow dynamic-group {dynamic_group_name} to read objects in compartment {compartment_name}"
                    f" where target.bucket.name = '{bucket_name}'"
                ),
                f"Allow service FaaS to use virtual-network-family in compartment {compartment_name}",
                f"Allow service FaaS to read repos in compartment {args.image_compartment}",
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[compartment, dynamic_group]),
        )
        self.function_id = function.id
        self.register_outputs({"function_id": self.function_id})
