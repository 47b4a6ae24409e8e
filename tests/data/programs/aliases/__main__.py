"""Aliases of every kind, inherited ones too. None of them is visible at the creation of a resource."""

import pulumi
import pulumi_toy as toy


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)
        toy.Thing(f"{name}-child", opts=pulumi.ResourceOptions(parent=self, aliases=[pulumi.Alias(name="before")]))


other = toy.Thing("other")
toy.Thing(
    "many",
    opts=pulumi.ResourceOptions(
        aliases=[
            "urn:pulumi:dev::demo::toy:index:Thing::older",
            pulumi.Alias(name="oldest"),
            pulumi.Alias(type_="toy:index:Gadget"),
            pulumi.Alias(parent=other),
            pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE),
            pulumi.Alias(stack="prod", project="shop"),
            pulumi.Output.from_input("urn:pulumi:dev::demo::toy:index:Thing::later"),
        ]
    ),
)
Group("group", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old-group", type_="demo:index:OldGroup")]))
