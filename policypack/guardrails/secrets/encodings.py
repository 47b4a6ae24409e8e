"""The forms in which a program writes the same text."""

from __future__ import annotations

import base64
import json
import string
from collections.abc import Iterator
from typing import Final

ENCODED_ANYWHERE: Final = 16  # from this length on a form tells wherever it stands
_UNRESERVED: Final = string.ascii_letters + string.digits + "_.-~"
_URL_SAFE: Final = str.maketrans("+/", "-_")


def encodings(text: str) -> frozenset[str]:
    """`text` itself, in base64, in hexadecimal digits, escaped for a URL and for JSON.

    Base64 has the forms it takes at every offset in the encoded bytes, in both alphabets and without padding: all
    characters that `text` alone decides. A form that depends on its offset is left out where it is too short to tell
    wherever it stands.
    """
    return frozenset(_forms(text))


def _forms(text: str) -> Iterator[str]:
    data = text.encode("utf-8", "surrogatepass")
    yield text
    yield data.hex()
    yield data.hex().upper()
    for form in (base64.b64encode(data).decode().rstrip("="), *_base64_parts(data)):
        yield form
        yield form.translate(_URL_SAFE)
    # What counts as safe differs: RFC 3986, a path, and encodeURIComponent of JavaScript.
    for safe in ("", "/", "!*'()"):
        yield (escaped := _percent_encoded(data, safe))
        yield escaped.replace("%20", "+")
    for ascii_only in (True, False):
        yield (escaped := json.dumps(text, ensure_ascii=ascii_only)[1:-1])
        # The encoder of Go, which the engine and the bridged providers use.
        yield escaped.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _percent_encoded(data: bytes, safe: str) -> str:
    return "".join(chr(byte) if chr(byte) in _UNRESERVED + safe else f"%{byte:02X}" for byte in data)


def _base64_parts(data: bytes) -> Iterator[str]:
    for before in range(3):
        whole = base64.b64encode(bytes(before) + data).decode()
        part = whole[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        if len(part) >= ENCODED_ANYWHERE:
            yield part
