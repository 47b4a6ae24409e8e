"""A program that raises after its first resource."""

import pulumi_toy as toy

toy.Thing("one")
raise ValueError("not today")
