"""How many examples property tests draw."""

import os


def examples(usual: int) -> int:
    """The usual number, or that of the environment variable FUZZ_EXAMPLES where it is set."""
    return int(os.environ.get("FUZZ_EXAMPLES", usual))
