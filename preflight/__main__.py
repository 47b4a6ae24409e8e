"""`python -m preflight` is the same as `preflight`."""

from .cli import main

main()
