"""Components that their provider builds."""

import pulumi
import pulumi_toy as toy

box = toy.Box("box", size=3)
toy.Thing("user", label=box.address, opts=pulumi.ResourceOptions(depends_on=[box]))
pulumi.export("address", box.address)
