"""Invented values that carry their mark.

The forms are those that the pack's `values` module recognises; see there for their meaning. Every stand-in is derived
from the URN of the resource and the path of the property (for a function: from its token and arguments), so the same
program gives the same texts in every run, whatever the order of registration.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

_ACCOUNT_PREFIX: Final = "86420975"
_DIGITS: Final = 16
# The pack's own pattern for what was invented, word for word: this half imports nothing of it.
RECOGNISED: Final = re.compile(
    r"[sS](?:tandin|TANDIN)0(?P<kind>[cxCX])[0-9a-fA-F]{0,16}|(?<!\d)86420975\d{4}(?!\d)|(?<![\d.])(?P<address>24[89](?:\.\d{1,3}){3})(?![\d.])"
    r"|(?:c3RhbmRpbjB|N0YW5kaW4w|zdGFuZGluM)(?P<encoded>[jYG4eH])[A-Za-z0-9+/]{20}"
)
_COMPUTED: Final = "standin0c"
_ANYTHING: Final = "standin0x"


def _digest(urn: str, path: str) -> str:
    return hashlib.sha256(f"{urn}\0{path}".encode()).hexdigest()


def computed(urn: str, path: str) -> str:
    """A token for something that a provider computes: opaque, equal to itself only."""
    return _COMPUTED + _digest(urn, path)[:_DIGITS]


def is_computed(text: str) -> bool:
    """Whether a text is such a token and nothing else."""
    return text.startswith(_COMPUTED) and len(text) == len(_COMPUTED) + _DIGITS


def is_anything(text: str) -> bool:
    """Whether a text is a token of `anything` and nothing else."""
    return text.startswith(_ANYTHING) and len(text) == len(_ANYTHING) + _DIGITS


def anything(urn: str, path: str) -> str:
    """A token for a value that could be any text, such as the output of another stack."""
    return _ANYTHING + _digest(urn, path)[:_DIGITS]


def account(owner: str) -> str:
    """Twelve digits that stand for an AWS account id; `owner` tells accounts apart that may differ."""
    return f"{_ACCOUNT_PREFIX}{int(_digest(owner, 'account')[:8], 16) % 10_000:04d}"


def octet(urn: str, path: str) -> int:
    """A number from 1 to 254, for texts such as IP addresses that have no room for a token."""
    return int(_digest(urn, path)[:8], 16) % 254 + 1


def noise(urn: str, path: str, length: int, alphabet: str) -> str:
    """`length` characters of `alphabet`, for the parts of a canary around its token."""
    octets = hashlib.shake_256(f"{urn}\0{path}\0noise".encode()).digest(length)
    return "".join(alphabet[octet % len(alphabet)] for octet in octets)
