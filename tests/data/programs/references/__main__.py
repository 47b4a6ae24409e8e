"""Resources passed as inputs, and exported."""

import pulumi
import pulumi_toy as toy


class Empty(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Empty", name)


one, empty = toy.Thing("one", label="text"), Empty("empty")
toy.Thing("two", owner=one, data={"nested": [one, empty]})
toy.Thing("three", owner=pulumi.Output.secret(one))
pulumi.export("resource", one)
pulumi.export("component", empty)
pulumi.export("nested", {"list": [one, {"deep": empty}]})
