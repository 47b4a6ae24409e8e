"""A program that ends with an error meant for its user."""

import pulumi
import pulumi_toy as toy

toy.Thing("one")
raise pulumi.RunError("not today")
