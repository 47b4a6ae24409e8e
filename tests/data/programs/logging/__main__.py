"""Printing and logging."""

import sys

import pulumi
import pulumi_toy as toy

print("printed")
print("printed to stderr", file=sys.stderr)
thing = toy.Thing("one")
pulumi.log.debug("debug")
pulumi.log.info("information")
pulumi.info("more information")
pulumi.log.warn("a warning", thing)
thing.label.apply(lambda label: pulumi.log.info(f"label {label}"))
