"""Exports of every form."""

import pulumi
import pulumi_toy as toy


class Group(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Group", name)
        self.thing = toy.Thing(f"{name}-thing", color="red", opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"thing": self.thing})


class Plain:
    def __init__(self):
        self.public = 1
        self._private = 2


thing = toy.Thing("thing", label="x", inner={"address": "a", "size": 1}, parts=[{"a": 1}])
pulumi.export("text", "text")
pulumi.export("none", None)
pulumi.export("numbers", [1, 2.5, -3, True])
pulumi.export("dictionary", {"a": {"b": [None, {"c": "d"}]}, "none": None})
pulumi.export("tuple", ("a", "b"))
pulumi.export("resource", thing)
pulumi.export("component", Group("group"))
pulumi.export("output", thing.label)
pulumi.export("unknown", thing.serial_number)
pulumi.export("nested", {"outputs": [thing.label, thing.serial_number, {"id": thing.id}]})
pulumi.export("urn", thing.urn)
pulumi.export("id", thing.id)
pulumi.export("output-of-output", pulumi.Output.from_input(thing.label.apply(lambda label: thing.color)))
pulumi.export("output-of-resource", pulumi.Output.from_input(thing))
pulumi.export("output-of-list", pulumi.Output.all(thing.label, "b", thing.serial_number))
pulumi.export("object", thing.inner)
pulumi.export("parts", thing.parts)
pulumi.export("empty", {"list": [], "dictionary": {}})
pulumi.export("instance", Plain())
pulumi.export("snake_case", {"snake_key": 1})
