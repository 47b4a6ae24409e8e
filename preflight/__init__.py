"""Run a Pulumi Python program without CLI, account or network, and judge what it would create."""

from policypack.guardrails import __version__ as __version__
