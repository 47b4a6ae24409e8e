"""What tells a credential from a text that only has its shape: checks that a pattern cannot make."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Final

from .looks import entropy, is_mixed, is_placeholder, is_reference

_SECRET_KEY_BITS: Final = 4.2  # forty characters chosen from 64 have 4.6 or more but once in thousands
_GENERATED_BITS: Final = 3.2
_VARIED_BITS: Final = 2.0
_SAMPLE_SUBJECT: Final = "1234567890"  # of the token that jwt.io shows
_PUBLIC_ROLE: Final = "anon"  # of a key that Supabase means for browsers
_INSERTED: Final = re.compile(r"[$%<>{}*]|^\[")


def is_varied(text: str) -> bool:
    """Whether a text is no row of the same few characters, by which documentation shows how long a credential is."""
    return entropy(text) >= _VARIED_BITS


def is_jwt(text: str) -> bool:
    """Whether the first two parts of `text` are a header and claims (RFC 7519) that are meant for somebody.

    Five parts are an encrypted token, which has no claims that can be read.
    """
    parts = text.split(".")
    header = _json(parts[0])
    if not isinstance(header, dict) or not {"alg", "enc", "typ", "kid"} & header.keys():
        return False
    claims = _json(parts[1])
    if not isinstance(claims, dict):
        return "enc" in header
    return claims.get("sub") != _SAMPLE_SUBJECT and claims.get("role") != _PUBLIC_ROLE


def _json(part: str) -> object:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None


def is_aws_secret_key(text: str) -> bool:
    """Whether forty characters of base64 are as mixed as a secret access key; no digest in hexadecimal is, no path."""
    return (
        len(text) == 40
        and is_mixed(text)
        and entropy(text) >= _SECRET_KEY_BITS
        and max(map(len, re.findall("[a-z]+", text))) < 12
    )


def is_password(text: str) -> bool:
    """Whether what stands in the place of a password is one: no variable, no placeholder, no name of a secret."""
    return not (_INSERTED.search(text) or is_placeholder(text) or is_reference(text))


def is_basic_or_bearer(text: str) -> bool:
    """Whether what an Authorization header carries was generated, or is a user with a password."""
    return entropy(text) >= _GENERATED_BITS
