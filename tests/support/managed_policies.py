"""The policies that AWS manages, as recorded by `scripts/managed_policies.py`."""

import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parents[1] / "data/aws_managed_policies.json.xz"
NOTICE = RECORDED.with_name("aws_managed_policies.NOTICE.md")


@cache
def managed_policies() -> dict[str, dict[str, Any]]:
    """`{ARN: document}`, sorted by ARN; read once, so not to be changed."""
    found: dict[str, dict[str, Any]] = json.loads(lzma.decompress(RECORDED.read_bytes()))
    return found
