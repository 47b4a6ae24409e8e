"""Public keys as text: what one is, and how long it is.

Formats: RFC 7468 (the lines around), RFC 5280 (SubjectPublicKeyInfo, `PUBLIC KEY`), RFC 8017 (`RSA PUBLIC KEY`).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

_BLOCK: Final = re.compile(
    r"-----BEGIN (?P<label>(?:RSA )?PUBLIC KEY)-----(?P<body>[A-Za-z0-9+/=\s]*)-----END (?P=label)-----"
)
_BARE: Final = re.compile(r"M[A-P][A-Za-z0-9+/=\s]+")
_SEQUENCE, _INTEGER, _BITS = 0x30, 0x02, 0x03
_RSA: Final = bytes.fromhex("06092a864886f70d010101")  # the object identifier 1.2.840.113549.1.1.1, as an element
# A key of 16384 bits, the longest that anybody makes, has some 2800 characters.
_LONGEST: Final = 16_384
# How texts begin that are keys of other sorts, or no keys at all -> what to call them, and how to get a key out of one.
_OTHERS: Final = (
    (r"(?:ssh|ecdsa|sk)-[\w@.-]+ AAAA", "a key in the format of OpenSSH", "ssh-keygen -e -m PKCS8 -f KEY.pub"),
    (r"---- BEGIN SSH2 PUBLIC KEY", "a key in the format of SSH2", "ssh-keygen -i -f KEY.pub"),
    (r"-----BEGIN (?:\w+ )?CERTIFICATE", "a certificate", "openssl x509 -pubkey -noout -in CERTIFICATE.pem"),
    (r"-----BEGIN PGP PUBLIC KEY", "a key of PGP", "openssl rsa -in KEY.pem -pubout"),
)
_NEW: Final = "openssl genrsa -out KEY.pem 2048"
_DAMAGED: Final = "a PEM block that is cut off or damaged"
_COMMAND: Final = "openssl rsa -in KEY.pem -pubout"


@dataclass(frozen=True, slots=True)
class RsaKey:
    """An RSA public key: its modulus and exponent, which tell it from any other, and the length of the first."""

    modulus: int
    exponent: int

    @property
    def bits(self) -> int:
        return self.modulus.bit_length()


@dataclass(frozen=True, slots=True)
class NoKey:
    """A text that is not an RSA public key in PEM. `reason` says what it is, `command` gets a key out of it."""

    reason: str
    command: str = _COMMAND


def rsa_public_key(text: str) -> RsaKey | NoKey:
    """Read an RSA public key in PEM, with its lines around it or without. Never raises.

    Line ends may be escaped, and other text may stand around the lines.
    """
    if len(text) > _LONGEST:
        return NoKey(f"{len(text)} characters, more than any key has")
    text = text.replace("\\r", "\r").replace("\\n", "\n").strip()
    for form, name, command in _OTHERS:
        if re.match(form, text):
            return NoKey(name, command)
    block = _BLOCK.search(text)
    body = block["body"] if block else text
    if block is None and not _BARE.fullmatch(text):
        none = "no PEM block that begins with `-----BEGIN PUBLIC KEY-----`" if text else "empty"
        return NoKey(_DAMAGED if "PUBLIC KEY-----" in text else none)
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        return NoKey(_DAMAGED)
    key = _key(der)
    if key is None:
        return NoKey(_DAMAGED) if _members(der) is None else NoKey("a key that is not RSA", f"{_NEW} && {_COMMAND}")
    return key


def _key(der: bytes) -> RsaKey | None:
    """An RSA key in either format, which takes up all of the bytes; None where it does not."""
    members = _members(der)
    if members is None:
        return None
    match members:
        case [(tag_n, n), (tag_e, e)] if tag_n == tag_e == _INTEGER:
            return RsaKey(int.from_bytes(n, "big"), int.from_bytes(e, "big"))
        case [(tag_a, algorithm), (tag_k, key)] if (tag_a, tag_k) == (_SEQUENCE, _BITS) and algorithm.startswith(_RSA):
            inner = _members(key[1:]) if key[:1] == b"\0" else None
            if inner is not None and [tag for tag, _ in inner] == [_INTEGER, _INTEGER]:
                return RsaKey(*(int.from_bytes(content, "big") for _, content in inner))
    return None


def _members(der: bytes) -> list[tuple[int, bytes]] | None:
    """The elements of the one sequence that `der` is, as tag and content; None where it is no such sequence."""
    outer = _element(der)
    if outer is None or outer[0] != _SEQUENCE or outer[2]:
        return None
    found: list[tuple[int, bytes]] = []
    rest = outer[1]
    while rest:
        element = _element(rest)
        if element is None or len(found) > 1:
            return None
        tag, content, rest = element
        found.append((tag, content))
    return found


def _element(der: bytes) -> tuple[int, bytes, bytes] | None:
    """The tag and the content of the element that `der` begins with, and what follows it; None where it is cut off."""
    if len(der) < 2:
        return None
    size = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + size], "big") if size else der[1]
    end = 2 + size + length
    return (der[0], der[2 + size : end], der[end:]) if end <= len(der) else None
