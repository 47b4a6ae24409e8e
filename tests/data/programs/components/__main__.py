"""Components: nested, with outputs, without outputs, with options that their children inherit."""

import pulumi
import pulumi_toy as toy


class Inner(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Inner", name, {"ignored": "input"}, opts)
        self.thing = toy.Thing(f"{name}-thing", label="a", opts=pulumi.ResourceOptions(parent=self))
        self.label = self.thing.label
        self.register_outputs({"label": self.label, "serial": self.thing.serial_number, "thing": self.thing})


class Outer(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Outer", name, None, opts)
        self.inner = Inner(f"{name}-inner", pulumi.ResourceOptions(parent=self))
        self.open = toy.Thing(f"{name}-open", opts=pulumi.ResourceOptions(parent=self, protect=False))


class Attributes(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("Attributes", name)
        self.answer = 42
        self.hidden = pulumi.Output.secret("quiet-heron")


outer = Outer("outer", pulumi.ResourceOptions(protect=True))
Inner("plain")
Attributes("attributes")
after = toy.Thing("after", owner=outer.inner.label, opts=pulumi.ResourceOptions(depends_on=[outer]))
toy.Thing("below", opts=pulumi.ResourceOptions(parent=after))
pulumi.export("component", outer.inner)
