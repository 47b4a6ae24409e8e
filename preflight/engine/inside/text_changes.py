"""What Python's own methods make of constant texts. Anything else is not worked out."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from string import Formatter
from textwrap import dedent
from typing import Final

MAX_LENGTH: Final = 65_536
"""How long a text may become."""

_PERCENT: Final = re.compile(r"%[sd%]")
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "ascii", "latin-1", "latin1", "iso-8859-1"})

Text = str | bytes


def percent_pieces(template: str, values: list[str]) -> list[str] | None:
    """What `template % values` is put together from; None where it is not plain text in plain places."""
    marks = _PERCENT.findall(template)
    if template.count("%") != len(marks) + marks.count("%%"):  # a mark with a width or a name
        return None
    if len(marks) - marks.count("%%") != len(values):
        return None
    remaining = iter(values)
    filled = ["%" if mark == "%%" else next(remaining) for mark in marks]
    fixed = _PERCENT.split(template)
    return [text for pair in zip(fixed, [*filled, ""], strict=True) for text in pair]


def format_pieces(template: str, values: list[str], named: list[str | None]) -> list[str] | None:
    """What `template.format(...)` is put together from; `named` are the names of the last values."""
    positional = len(values) - len(named)
    known = {str(index): value for index, value in enumerate(values[:positional])}
    known |= {name: value for name, value in zip(named, values[positional:], strict=True) if name is not None}
    pieces: list[str] = []
    automatic = 0
    try:
        for fixed, name, spec, conversion in Formatter().parse(template):
            pieces.append(fixed)
            if name is None:
                continue
            if not name:
                name, automatic = str(automatic), automatic + 1  # noqa: PLW2901 - as `str.format` counts
            if spec or conversion or name not in known:
                return None
            pieces.append(known[name])
    except ValueError:
        return None
    return pieces


BASE64: Final[dict[str, Callable[[bytes], bytes]]] = {
    "b64decode": base64.b64decode,
    "standard_b64decode": base64.standard_b64decode,
    "urlsafe_b64decode": base64.urlsafe_b64decode,
    "b64encode": base64.b64encode,
    "standard_b64encode": base64.standard_b64encode,
    "urlsafe_b64encode": base64.urlsafe_b64encode,
}


def apply(name: str, value: Text, given: list[Text]) -> Text | None:
    """What the method or function of that name makes of `value`; None where it is not one of these.

    Raises ValueError, LookupError or TypeError where Python would.
    """
    match name, value, given:
        case "str", str(), []:
            return value
        case "decode", bytes(), [] | [str()]:
            return value.decode(_encoding(given))
        case "encode", str(), [] | [str()]:
            return value.encode(_encoding(given))
        case "fromhex", str(), []:
            return bytes.fromhex(value)
        case "dedent", str(), []:
            return dedent(value)
        case (("lower" | "upper" | "swapcase" | "title" | "capitalize"), str() | bytes(), []):
            changed: Text = getattr(value, name)()
            return changed
        case (("removeprefix" | "removesuffix"), str(), [str()]) | (
            ("strip" | "lstrip" | "rstrip"),
            str(),
            [] | [str()],
        ):
            return str(getattr(value, name)(*given))
        case "replace", str(), [str() as old, str() as new]:
            fits = len(value) + value.count(old) * len(new) <= MAX_LENGTH
            return value.replace(old, new) if fits else None
        case _ if name in BASE64 and not given:
            return BASE64[name](value.encode("ascii") if isinstance(value, str) else value)
    return None


def _encoding(given: list[Text]) -> str:
    encoding = given[0] if given else "utf-8"
    if not isinstance(encoding, str) or encoding.lower() not in _ENCODINGS:
        raise LookupError(encoding)
    return encoding
