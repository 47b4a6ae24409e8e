"""Dependencies on components and on outputs of components."""

import pulumi
import pulumi_toy as toy


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)
        self.first = toy.Thing(f"{name}-first", opts=pulumi.ResourceOptions(parent=self))
        self.second = toy.Thing(f"{name}-second", owner=self.first.id, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"id": self.second.id})


group = Group("group")
outer = Group("outer", pulumi.ResourceOptions(depends_on=[group]))
toy.Thing("one", opts=pulumi.ResourceOptions(depends_on=[outer]))
toy.Thing("two", owner=group.second.id, data=[outer.first.urn, group.urn])
toy.Thing("three", label=pulumi.Output.all(group.first.id, outer.second.id).apply("-".join))
toy.Thing("four", data={"a": {"b": [group.first.serial_number]}, "c": pulumi.Output.secret(outer.first.id)})
