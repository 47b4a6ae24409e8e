"""A transform that moves resources to another provider."""

import pulumi
import pulumi_toy as toy

other = toy.Provider("other", zone="b")


def move(args):
    if args.type_ != "toy:index:Thing":
        return None
    return pulumi.ResourceTransformResult(
        args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=other))
    )


pulumi.runtime.register_resource_transform(move)
toy.Thing("moved", label="x")
