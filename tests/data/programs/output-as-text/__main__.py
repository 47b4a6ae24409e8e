"""An output in an f-string is the SDK's warning, not the value."""

import pulumi_toy as toy

one = toy.Thing("one", label="x")
toy.Thing("two", label=f"{one.label}")
