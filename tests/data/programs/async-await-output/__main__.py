"""An output's future may be awaited."""

import pulumi
import pulumi_toy as toy

one = toy.Thing("one", label="known")


async def later():
    return [await one.label.future(), await one.serial_number.future(), await one.serial_number.is_known()]


pulumi.export("later", pulumi.Output.from_input(later()))
pulumi.export("secret", pulumi.Output.from_input(pulumi.Output.secret(1).is_secret()))
