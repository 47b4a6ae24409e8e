"""One name under different parents and types."""

import pulumi
import pulumi_toy as toy


class Group(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Group", name)
        toy.Thing("one", opts=pulumi.ResourceOptions(parent=self))


toy.Thing("one")
Group("one")
