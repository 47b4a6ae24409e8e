"""Marks: put on, nested, taken off."""

import pulumi
import pulumi_toy as toy

hidden = pulumi.Output.secret("quiet-heron")
config = pulumi.Config()
one = toy.Thing(
    "one",
    owner=hidden,
    data={"list": [hidden, "plain"], "deep": {"value": pulumi.Output.secret({"a": 1})}},
    opts=pulumi.ResourceOptions(additional_secret_outputs=["password", "serialNumber"]),
)
toy.Thing("two", owner=pulumi.Output.unsecret(hidden), label=one.password, data=pulumi.Output.unsecret(one.owner))
toy.Thing("concat", owner=pulumi.Output.concat("a-", hidden), label=pulumi.Output.format("{0}-{1}", "x", hidden))
toy.Thing("config", owner=config.require_secret("word"), data=config.get_secret_object("object"))
toy.Thing("double", owner=pulumi.Output.secret(hidden))
pulumi.export("secret", hidden)
pulumi.export("plain", pulumi.Output.unsecret(hidden))
pulumi.export("nested", {"list": [hidden], "text": hidden.apply(lambda value: value.upper())})
pulumi.export("password", one.password)
pulumi.export("data", one.data)
