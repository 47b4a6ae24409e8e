"""Entry point of the policy pack: the engine runs this folder and reads the port from standard output."""

from guardrails.pack import serve

serve()
