"""What private keys look like in text."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Final

from ..values import without_invented_keys

# RFC 7468 and what OpenSSL, OpenSSH and PGP write. Either line tells, with some of the body beside it: the other may
# have been cut off, and a script that looks for such a line has no key. Line ends may be escaped.
_LINE: Final = r"(?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
_END_OF_LINE: Final = r"(?:\s|\\[nrt]){0,200}"
_PEM: Final = re.compile(
    rf"-----BEGIN {_LINE}{_END_OF_LINE}[A-Za-z0-9+/=:]{{4}}|[A-Za-z0-9+/=]{{4}}{_END_OF_LINE}-----END {_LINE}"
)

_URL_SAFE: Final = str.maketrans("-_", "+/")
# A DER sequence begins with the byte 0x30, which makes `M` and one of `A` to `P`; OpenSSH's own format with a word.
_BODY: Final = re.compile(r"(?<![A-Za-z0-9+/_-])(?:M[A-P]|b3BlbnNzaC1r)[A-Za-z0-9+/_-]{10,86}")
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9+/_-]")
_HEAD: Final = 88
_LEADING_BLANKS: Final = 400  # what may stand before and in the first lines of a body that is wrapped in short lines

# The content of the object identifiers 1.2.840.113549.1.5 (PKCS #5) and 1.2.840.113549.1.12.1 (PKCS #12), under which
# all algorithms stand that encrypt a key with a password; public keys name others (RFC 3279, RFC 8410).
_ENCRYPTING: Final = (bytes.fromhex("2a864886f70d0105"), bytes.fromhex("2a864886f70d010c01"))
_SEQUENCE, _INTEGER, _OCTETS, _IDENTIFIER = 0x30, 0x02, 0x04, 0x06
_LAST_VERSION: Final = 3  # PKCS #12 counts its versions to 3, the formats of a single key to 1


def _encoded(text: bytes) -> Iterator[str]:
    """What base64 makes of `text` wherever it stands in the encoded bytes, without the characters at its ends."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + text)
        yield whole[(before * 8 + 5) // 6 : (before + len(text)) * 8 // 6].decode()


_WRAPPED_PEM: Final = tuple(
    encoded for end in (b" PRIVATE KEY-----", b" PRIVATE KEY BLOCK-----") for encoded in _encoded(end)
)


def holds_private_key(text: str) -> bool:
    """Whether a private key stands anywhere in `text`.

    Found are a PEM key or what is left of one with one of its two marking lines, base64 of a text with such a key at
    any offset, and the base64 body of a key without either line: PKCS #1, SEC 1, PKCS #8 plain and encrypted, PKCS #12
    (RFC 8017, 5915, 5958, 7292) and OpenSSH. Standard and URL-safe base64, on one line or many. Takes time linear in
    the length of `text`. A key that was invented is none: ask `may_hold_private_key`.
    """
    text = without_invented_keys(text)
    if "PRIVATE KEY" in text and _PEM.search(text):
        return True
    if "\\" in text:
        text = text.replace("\\r", "\r").replace("\\n", "\n").replace("\\/", "/")
    squeezed = "".join(text.split())
    if any(encoded in squeezed for encoded in _WRAPPED_PEM):
        return True
    if _is_private_key(_decoded("".join(text[:_LEADING_BLANKS].split()))):
        return True
    return any(_is_private_key(_decoded(body[0])) for body in _BODY.finditer(text))


def may_hold_private_key(text: str) -> bool:
    """Whether `text` holds a key that was invented for a value that nobody gave: whoever gives it decides."""
    return without_invented_keys(text) != text


def _decoded(body: str) -> bytes:
    head = _FOREIGN.split(body[:_HEAD], maxsplit=1)[0]
    return base64.b64decode(head[: len(head) // 4 * 4].translate(_URL_SAFE))


def _is_private_key(head: bytes) -> bool:
    """Whether bytes begin as a private key does.

    A private key is a sequence that begins with a small version number or, encrypted, with an algorithm that takes a
    password. A public key begins with another algorithm (RFC 5280) or with a long integer, its modulus (RFC 8017).
    """
    if head.startswith(b"openssh-key-v1\0"):
        return True
    tag, inner = _content(head)
    if tag != _SEQUENCE:
        return False
    first, content = _content(inner)
    if first == _INTEGER:
        return (
            inner[1:2] == b"\x01"
            and content[:1] <= bytes([_LAST_VERSION])
            and content[1:2] in (bytes([tag]) for tag in (_SEQUENCE, _INTEGER, _OCTETS))
        )
    if first == _SEQUENCE:
        algorithm, identifier = _content(content)
        return algorithm == _IDENTIFIER and identifier.startswith(_ENCRYPTING)
    return False


def _content(der: bytes) -> tuple[int, bytes]:
    """The tag of the element that `der` begins with, and everything from the first byte of its content on."""
    if len(der) < 2:
        return 0, b""
    return der[0], der[2 + (der[1] & 0x7F if der[1] & 0x80 else 0) :]
