"""What credentials look like in text."""

from __future__ import annotations

import base64
import re
from typing import Final

# RFC 7468 and what OpenSSL, OpenSSH and PGP write; `\n` may be escaped, so nothing is anchored to a line.
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_WRAPPED: Final = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/=\s]{40,200}")


def holds_private_key(text: str) -> bool:
    """Whether a PEM private key, plain or wrapped once in base64, stands anywhere in `text`."""
    if "PRIVATE KEY" in text and _PRIVATE_KEY.search(text):
        return True
    for match in _WRAPPED.finditer(text) if "LS0tLS1CRUdJTi" in text else ():
        head = re.sub(r"\s", "", match[0])
        if _PRIVATE_KEY.search(base64.b64decode(head[: len(head) // 4 * 4]).decode("latin-1")):
            return True
    return False
