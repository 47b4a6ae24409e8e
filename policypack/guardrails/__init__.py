"""Decide whether the resources of a Pulumi program keep to four concerns, and say why when they do not."""

__version__ = "0.1.0"
