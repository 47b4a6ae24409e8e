"""Options that a transform of the stack sets."""

import pulumi
import pulumi_toy as toy


def change(args):
    if args.name in ("base", "group") or args.type_ == "pulumi:pulumi:Stack":
        return None
    more = pulumi.ResourceOptions(
        protect=False,
        ignore_changes=["label"],
        additional_secret_outputs=["serialNumber"],
        custom_timeouts=pulumi.CustomTimeouts(delete="10s"),
        delete_before_replace=False,
        version="1.0.0",
        aliases=[pulumi.Alias(name="old")],
        depends_on=[base],
    )
    return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, more))


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)


base = toy.Thing("base")
pulumi.runtime.register_resource_transform(change)
group = Group("group", pulumi.ResourceOptions(protect=True))
toy.Thing("child", label="x", opts=pulumi.ResourceOptions(parent=group))
toy.Thing("kept", owner=base.serial_number)
