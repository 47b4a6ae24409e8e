"""A program that exits with a code."""

import sys

import pulumi_toy as toy

toy.Thing("one")
sys.exit(3)
