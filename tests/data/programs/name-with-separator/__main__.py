"""A name that holds the separator of URNs."""

import pulumi_toy as toy

toy.Thing("parent")
toy.Thing("a::b")
