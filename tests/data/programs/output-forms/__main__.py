"""Ways of combining outputs."""

import json

import pulumi
import pulumi_toy as toy

one = toy.Thing("one", label="known", color="red", data={"key": "value", "list": ["a", "b"]})
hidden = pulumi.Output.secret("quiet-heron")
combined = {
    "all": pulumi.Output.all(one.label, one.color).apply("-".join),
    "all-named": pulumi.Output.all(a=one.label, b=hidden).apply(lambda given: given["a"]),
    "all-unknown": pulumi.Output.all(one.label, one.serial_number).apply("-".join),
    "concat": pulumi.Output.concat("a-", one.label, "-", "b"),
    "format": pulumi.Output.format("{0}/{name}", one.label, name=one.color),
    "json": pulumi.Output.json_dumps({"label": one.label, "list": [one.color]}),
    "json-unknown": pulumi.Output.json_dumps({"label": one.serial_number}),
    "json-secret": pulumi.Output.json_dumps({"label": hidden}),
    "loads": pulumi.Output.json_loads(pulumi.Output.from_input('{"a": ["b"]}'))["a"][0],
    "from-input": pulumi.Output.from_input({"a": one.label})["a"],
    "lifted": one.data["key"],
    "indexed": one.data["list"][1],
    "chained": one.label.apply(lambda label: one.color.apply(lambda color: f"{label}-{color}")),
    "dumped": one.label.apply(lambda label: json.dumps({"label": label})),
    "from-id": pulumi.Output.concat("x-", one.id),
}
for name, value in combined.items():
    toy.Thing(name, label=value)
toy.Thing("inside", label="x").label.apply(lambda label: toy.Thing("declared-in-apply", owner=label))
