"""Modules in a folder of their own, named by the program itself."""

import sys
from pathlib import Path

import pulumi

sys.path.insert(0, str(Path(__file__).parent / "src"))

from shop.stack import WORD  # noqa: E402

if __name__ == "__main__":
    pulumi.export("word", WORD)
    pulumi.export("relative", Path("src").is_dir())
