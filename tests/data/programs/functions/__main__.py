"""Functions of a provider: at once and as outputs, with options."""

import pulumi
import pulumi_toy as toy

own = toy.Provider("own", zone="a")
thing = toy.Thing("thing", color="red", opts=pulumi.ResourceOptions(provider=own))
now = toy.get_answer("now", pulumi.InvokeOptions(version="1.0.0"))
parented = toy.get_answer("parented", pulumi.InvokeOptions(parent=thing))
given = toy.get_answer_output("given", pulumi.InvokeOptions(provider=own))
waiting = toy.get_answer_output("waiting", pulumi.InvokeOutputOptions(depends_on=[thing]))
known = toy.get_answer_output(thing.color)
unknown = toy.get_answer_output(thing.serial_number)
hidden = toy.get_answer_output(pulumi.Output.secret("quiet-heron"))
for name, answer in {"given": given, "waiting": waiting, "known": known, "unknown": unknown, "hidden": hidden}.items():
    toy.Thing(name, label=answer.text)
toy.Thing("now", label=now.text, owner=parented.text)
called = thing.describe("word")
toy.Thing("called", label=called.text)
