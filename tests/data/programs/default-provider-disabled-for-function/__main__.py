"""A function of a package whose default provider is disabled."""

import pulumi
import pulumi_toy as toy

pulumi.export("text", toy.get_answer("x").text)
