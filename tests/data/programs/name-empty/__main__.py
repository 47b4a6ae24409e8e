"""A resource needs a name."""

import pulumi_toy as toy

toy.Thing("first")
toy.Thing("")
