"""Two resources with one URN."""

import pulumi_toy as toy

toy.Thing("one")
toy.Thing("one")
toy.Thing("two")
