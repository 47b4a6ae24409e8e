"""A component that raises after its first child."""

import pulumi
import pulumi_toy as toy


class Group(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Group", name)
        toy.Thing("child", opts=pulumi.ResourceOptions(parent=self))
        raise ValueError("half built")


Group("group")
