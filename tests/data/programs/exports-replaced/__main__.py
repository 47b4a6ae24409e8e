"""The later of two exports of one name counts."""

import pulumi

pulumi.export("a", 1)
pulumi.export("a", {"b": 2})
pulumi.export("with space", "c")
