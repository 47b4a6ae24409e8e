"""An output has no truth value."""

import pulumi_toy as toy

one = toy.Thing("one", label="x")
if one.label:
    toy.Thing("two")
