"""A package whose default provider is disabled."""

import pulumi_toy as toy

toy.Thing("first")
