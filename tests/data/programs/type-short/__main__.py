"""A custom resource whose type is one word."""

import pulumi

pulumi.CustomResource("thing", "one", {})
