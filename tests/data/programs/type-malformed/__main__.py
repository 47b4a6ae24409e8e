"""A custom resource whose type has two parts."""

import pulumi

pulumi.CustomResource("toy:Thing", "one", {})
