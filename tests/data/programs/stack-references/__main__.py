"""Outputs of another stack."""

import pulumi
import pulumi_toy as toy

network = pulumi.StackReference("organization/network/dev")
toy.Thing("inside", label=network.get_output("vpcId"), owner=network.require_output("subnet"))
toy.Thing("listed", data=network.get_output("zones"))
pulumi.export("vpc", network.get_output("vpcId"))
pulumi.export("outputs", network.outputs["vpcId"])
pulumi.export("missing", network.get_output("missing"))
