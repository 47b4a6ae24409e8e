"""Values that may be incomplete: what a document or a resource holds before anything has been created.

The language rooms and the resource model share these few types, so that a partly known policy document stays
readable at every depth. A decoded value is a plain Python value (`str`, `float`, `bool`, `None`, `list`, `dict`)
in which the marker classes below may stand at any place.

Stand-ins
---------
Where the embedded engine runs a program without a cloud, it has to invent what a provider would compute. An
invented text carries a token that survives interpolation, so that it can be found again in any string:

* `standin0c` + 16 hexadecimal digits: something *computed*, such as an identifier or a generated name. It is
  concrete and opaque: it equals itself and holds no wildcard, and nothing else is known about it.
* `standin0x` + 16 hexadecimal digits: *anything*, such as a configuration value nobody gave. It may turn out to be
  any text, wildcards included, so it decides nothing.
* `86420975` + 4 digits, standing alone: a computed AWS account id, which must be twelve digits to be well-formed.
* an IPv4 address in 248.0.0.0/7, which nobody has: a computed address or network.
* the first two of these cut off behind their ninth letter, or in capital letters: what a program makes of a text;
* the first two in base64, at any of the three places that the encoding has for their first letter.

What has no room for a token (numbers, flags, members of enumerations) is unknown to a rule, as far as the engine can
follow it through the program; where it cannot, the report says so.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

STAND_IN: Final = re.compile(
    r"[sS](?:tandin|TANDIN)0(?P<kind>[cxCX])[0-9a-fA-F]{0,16}|(?<!\d)86420975\d{4}(?!\d)|(?<![\d.])(?P<address>24[89](?:\.\d{1,3}){3})(?![\d.])"
    r"|(?:c3RhbmRpbjB|N0YW5kaW4w|zdGFuZGluM)(?P<encoded>[jYG4eH])[A-Za-z0-9+/]{20}"
)
COMPUTED_ACCOUNT: Final = re.compile(r"(?<!\d)86420975\d{4}(?!\d)")
ANYTHING: Final = re.compile(
    r"[sS](?:tandin|TANDIN)0[xX][0-9a-fA-F]{0,16}|(?:c3RhbmRpbjB4|N0YW5kaW4we|zdGFuZGluMH)[A-Za-z0-9+/]{20}"
)
_ENCODED: Final = ("c3RhbmRpbjB", "N0YW5kaW4w", "zdGFuZGluM")
_PARTS: Final = ("tandin0", "TANDIN0", "86420975", "248.", "249.", *_ENCODED)
_COMPUTED: Final = frozenset("cCjYG")


class State(Enum):
    """What is known of a value."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    STAND_IN = "stand-in"
    ABSENT = "absent"


class Unknown:
    """The type of `UNKNOWN`, a value that will exist and cannot be read yet."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, _memo: object) -> Unknown:
        return self


UNKNOWN: Final = Unknown()


def has_stand_in(text: str) -> bool:
    """Whether any part of `text` was invented by the embedded engine."""
    return any(map(text.__contains__, _PARTS)) and STAND_IN.search(text) is not None


def describe_stand_ins(text: str) -> str:
    """`text` with a word for each invented part, so that nobody takes an invention for a fact."""
    if not has_stand_in(text):
        return text
    return STAND_IN.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    if match["address"]:
        return "<address>"
    kind = match["kind"] or match["encoded"]
    return "<account>" if not kind else "<computed>" if kind in _COMPUTED else "<unknown>"


def may_be_anything(text: str) -> bool:
    """Whether a part of `text` was invented for a value that could be any text, wildcards included."""
    return any(map(text.__contains__, _PARTS)) and ANYTHING.search(text) is not None


# Line ends may be escaped.
_INVENTED_KEY: Final = re.compile(
    r"-----BEGIN RSA PRIVATE KEY-----(?:\s|\\[nr])*standin0x[0-9a-f]{16}(?:\s|\\[nr])*-----END RSA PRIVATE KEY-----"
)


def without_invented_keys(text: str) -> str:
    """`text` without the private keys that were invented for values that nobody gave: each may be any text."""
    return _INVENTED_KEY.sub("", text) if "standin0x" in text else text


def settled(value: object, name: str) -> object:
    """`value` with each part that may be any text, and that `name` has too, taken for one concrete text.

    `name` is the name of something that exists, so none of its parts is a wildcard, whatever text it turns out to be.
    """
    tokens = {match[0] for match in ANYTHING.finditer(name)}
    return _settled(value, tokens) if tokens else value


def _settled(value: object, tokens: set[str]) -> object:
    if isinstance(value, str):
        for token in tokens:
            value = value.replace(token, token.replace("0x", "0c", 1))
        return value
    if isinstance(value, list):
        return [_settled(item, tokens) for item in value]
    if isinstance(value, dict):
        return {_settled(key, tokens): _settled(item, tokens) for key, item in value.items()}
    return value
