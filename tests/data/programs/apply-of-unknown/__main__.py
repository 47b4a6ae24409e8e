"""A resource declared inside an apply whose value is not known before anything exists."""

import pulumi_toy as toy

one = toy.Thing("one")
one.serial_number.apply(lambda serial: toy.Thing("inside", label=serial))
