"""Explicit providers: given, inherited, in a list, in a dictionary, of another package."""

import pulumi
import pulumi_aws as aws
import pulumi_toy as toy


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)
        toy.Thing(f"{name}-thing", opts=pulumi.ResourceOptions(parent=self))
        aws.sqs.Queue(f"{name}-queue", opts=pulumi.ResourceOptions(parent=self))


class Holder(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Holder", name, None, opts)
        Group(f"{name}-group", pulumi.ResourceOptions(parent=self))


hidden = pulumi.Output.secret("quiet-heron")
one = toy.Provider("one", zone="a", key=hidden)
two = toy.Provider("two", opts=pulumi.ResourceOptions(version="2.0.0", plugin_download_url="https://plugins.example/toy"))
west = aws.Provider("west", region="us-west-2", default_tags={"tags": {"owner": "demo"}})
direct = toy.Thing("direct", opts=pulumi.ResourceOptions(provider=one))
toy.Thing("child", opts=pulumi.ResourceOptions(parent=direct))
aws.sqs.Queue("mismatch", opts=pulumi.ResourceOptions(provider=one))
Group("listed", pulumi.ResourceOptions(providers=[one, west]))
Group("mapped", pulumi.ResourceOptions(providers={"toy": two, "aws": west}))
Holder("held", pulumi.ResourceOptions(providers=[one]))
Group("single", pulumi.ResourceOptions(provider=west))
toy.Thing("computed", opts=pulumi.ResourceOptions(provider=toy.Provider("late", zone=direct.serial_number)))
