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


def is_bare_private_key(text: str) -> bool:
    """Whether `text` is the base64 body of a private key without its PEM header.

    Told by the DER it begins with (RFC 5208, RFC 8017, RFC 5915): a sequence whose first member is a version number of
    one byte. A public key begins with another sequence (RFC 5280) or with a long integer, its modulus (RFC 8017).
    """
    head = re.sub(r"\s", "", text[:64])[:24]
    try:
        der = base64.b64decode(head, validate=True)
    except ValueError:
        return False
    if len(der) < 8 or der[0] != 0x30:
        return False
    body = 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)
    return der[body : body + 2] == b"\x02\x01"
