"""Identities may do what they need, and nothing by accident."""
