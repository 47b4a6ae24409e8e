"""A function given to apply raises over a value that is known."""

import pulumi_toy as toy

one = toy.Thing("one", label="known")
toy.Thing("two", label=one.label.apply(lambda label: {}[label]))
