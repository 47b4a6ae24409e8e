"""Options that children inherit from components."""

import pulumi
import pulumi_toy as toy


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)
        toy.Thing(f"{name}-a", opts=pulumi.ResourceOptions(parent=self))
        toy.Thing(f"{name}-b", opts=pulumi.ResourceOptions(parent=self, protect=False, retain_on_delete=False))


one = toy.Thing("one")
Group("protected", pulumi.ResourceOptions(protect=True))
Group("retained", pulumi.ResourceOptions(retain_on_delete=True))
Group("with", pulumi.ResourceOptions(deleted_with=one))
Group("ignored", pulumi.ResourceOptions(ignore_changes=["label"], depends_on=[one], version="3.0.0"))
