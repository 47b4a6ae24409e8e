"""Transforms of the resource, of its parent and of the stack, and the older kind, in their order."""

import asyncio

import pulumi
import pulumi_toy as toy


def adding(word):
    def transform(args):
        if args.type_ != "toy:index:Thing":
            return None
        label = pulumi.Output.concat(args.props.get("label") or "", word)
        return pulumi.ResourceTransformResult({**args.props, "label": label}, args.opts)

    return transform


async def slowly(args):
    await asyncio.sleep(0.01)
    return adding("-slow")(args)


def older(args):
    if args.type_ != "toy:index:Thing":
        return None
    return pulumi.ResourceTransformationResult({**args.props, "data": f"seen-{args.name}"}, args.opts)


def options(args):
    if args.type_ != "toy:index:Thing":
        return None
    more = pulumi.ResourceOptions(
        protect=True,
        ignore_changes=["data"],
        additional_secret_outputs=["label"],
        custom_timeouts=pulumi.CustomTimeouts(create="5m"),
        delete_before_replace=True,
        retain_on_delete=True,
        replace_on_changes=["owner"],
        depends_on=[base],
        parent=args.opts.parent,
    )
    return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, more))


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)


base = toy.Thing("base")
first = toy.Thing("first", color="red")
pulumi.runtime.register_stack_transformation(older)
pulumi.runtime.register_resource_transform(adding("-stack"))
group = Group("group", pulumi.ResourceOptions(transforms=[adding("-parent"), slowly]))
toy.Thing(
    "child",
    label="own",
    owner=first.color,
    data=pulumi.Output.secret("quiet"),
    opts=pulumi.ResourceOptions(parent=group, transforms=[adding("-self")]),
)
toy.Thing("older", opts=pulumi.ResourceOptions(transformations=[older]))
toy.Thing("options", owner=first.serial_number, opts=pulumi.ResourceOptions(transforms=[options]))
toy.Thing("dependent", owner=first.serial_number, data={"a": first.color}, opts=pulumi.ResourceOptions(depends_on=[base]))
