"""A program that exits without a code."""

import sys

import pulumi
import pulumi_toy as toy

toy.Thing("one")
pulumi.export("a", 1)
sys.exit(0)
