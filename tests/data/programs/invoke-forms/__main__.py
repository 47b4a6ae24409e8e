"""Functions called by the runtime's own names."""

import pulumi
import pulumi_toy as toy

given = {"text": "x", "list": [1, {"a": None}], "hidden": pulumi.Output.secret("quiet-heron")}


async def awaited():
    answer = await pulumi.runtime.invoke_async("toy:index:getAnswer", {"text": "y"})
    return answer["text"]


pulumi.export("awaited", awaited())
pulumi.export("output", pulumi.runtime.invoke_output("toy:index:getAnswer", given)["text"])
toy.Thing("one", label=pulumi.Output.from_input(awaited()))
