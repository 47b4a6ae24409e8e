"""Runs a program as the engine would, and talks to a policy pack as the engine does."""
