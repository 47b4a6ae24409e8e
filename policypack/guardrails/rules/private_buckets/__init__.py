"""Strangers reach no bucket."""
