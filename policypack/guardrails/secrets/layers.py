"""What a text holds when it is decoded: base64, compressed too, hexadecimal, percent and backslash escapes, nested.

Nothing of it is trusted to be what it looks like: whatever decodes to something readable is given, the rest is left
out. Work and memory are bounded by the length of the text.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

_DEEPEST: Final = 4
_LARGEST_EXPANSION: Final = 4_194_304
_ALLOWANCE: Final = 1_048_576  # characters of decoded text that even a short one may give
_FACTOR: Final = 8  # and so many times its own length
# The shortest text that counts as a secret has eight characters, which are eleven of base64 and sixteen digits.
_BASE64: Final = (re.compile(r"[A-Za-z0-9+/]{11,}"), re.compile(r"[A-Za-z0-9_-]{11,}"))
_WRAPPED: Final = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]{2,}={0,2})+")
_MIXED: Final = re.compile(r"[A-Z][^A-Z]*[a-z]|[a-z][^a-z]*[A-Z]")
_HEX: Final = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'", "#34": '"', "#x27": "'"}
_ENTITY: Final = re.compile(rf"&({'|'.join(_ENTITIES)});")
_FORM: Final = re.compile(r"=[^\s\"'+=]*\+[^\s+=]|%[0-9A-Fa-f]{2}")  # a blank is a plus sign in a form
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_ALPHABET: Final = str.maketrans("-_", "+/")
_PRINTABLE: Final = re.compile(r"[\t\n\r\x20-\x7e]{8,}")
_SHORT_RUN: Final = 4_096  # of a longer one its begin tells whether it is text
_NOISE: Final = 0.2  # of the characters of a text may be broken; of random bytes nearly half are
_BROKEN: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Layer:
    """One reading of a text. `how` says in words how it is written there, such as `in base64`; empty for plain.

    With `cut` there would have been more to read than is allowed.
    """

    text: str = field(repr=False)
    how: str = ""
    cut: bool = False


def layers(text: str) -> Iterator[Layer]:
    """`text` itself, and then what it and its parts decode to, nested to four levels.

    Base64 is read in both alphabets, wrapped in lines or not, wherever in a longer run it begins, as UTF-8 or UTF-16,
    and unpacked where it holds gzip or zlib. Yields at most nine times the characters of `text`, and a million; where
    that does not do, the last layer is `cut`.
    """
    yield Layer(text)
    budget = _ALLOWANCE + _FACTOR * len(text)
    waiting = [(text, "", 1)]
    seen = {text}
    while waiting:
        outer, how, depth = waiting.pop()
        for inner, word, last in _decoded(outer):
            if inner in seen:
                continue
            budget -= len(inner)
            if budget < 0:
                yield Layer("", cut=True)
                return
            seen.add(inner)
            said = how if word == how else " ".join(filter(None, (word, how)))
            yield Layer(inner, said)
            if depth < _DEEPEST and not last:
                waiting.append((inner, said, depth + 1))


def _decoded(text: str) -> Iterator[tuple[str, str, bool]]:
    """What the parts of a text decode to, how they are written, and whether nothing more is to be read in that.

    A text that is escaped in several ways is read in each of them and, from there on, in all of them together and in
    one of these alone, as JSON in JSON is: any order of them would be too many.
    """
    # Base64 of anything readable has letters of both cases.
    if not text.islower():
        for run in _base64_runs(text):
            yield from ((*one, False) for one in _of_base64(run))
    for match in _HEX.finditer(text):
        for shift in (0, 1):
            digits = match[0][shift:]
            of_digits = _readable(partial(_of_hex, digits), len(digits) // 2, "in hexadecimal digits")
            yield from ((*one, False) for one in of_digits)
    changed = [(how, change(text)) for how, applies, change in _WRITTEN if applies(text)]
    yield from ((inner, how, len(changed) > 1 and how != _ESCAPED_TEXT) for how, inner in changed)
    if len(changed) > 1:
        for _, _, change in _WRITTEN:
            text = change(text)
        yield text, _ESCAPED_TEXT, False


def _base64_runs(text: str) -> Iterator[str]:
    if "\n" in text:
        for match in _WRAPPED.finditer(text):
            yield "".join(match[0].split()).partition("=")[0]
    tried: set[str] = set()
    for pattern in _BASE64:
        for match in pattern.finditer(text):
            run = match[0]
            if run not in tried and not run.islower() and _MIXED.search(run):
                tried.add(run)
                yield run


def unescaped(text: str) -> str:
    """`text` with its percent escapes undone, as UTF-8."""
    return _PERCENT.sub(_of_percent, text)


def _of_percent(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")


def _of_escape(match: re.Match[str]) -> str:
    escaped = match[1]
    return chr(int(escaped[1:], 16)) if len(escaped) > 1 else _ESCAPED.get(escaped, escaped)


def _paired(text: str) -> str:
    """Surrogates that stand in pairs, as JSON writes what lies beyond 16 bits, made one character each."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_ESCAPED_TEXT: Final = "with escapes"
# How a whole text may be written, when that may be so, and how it is undone.
_WRITTEN: Final[tuple[tuple[str, Callable[[str], bool], Callable[[str], str]], ...]] = (
    (_ESCAPED_TEXT, lambda text: "\\" in text, lambda text: _paired(_ESCAPE.sub(_of_escape, text))),
    ("URL-encoded", lambda text: "%" in text and _PERCENT.search(text) is not None, unescaped),
    (
        "URL-encoded",
        lambda text: "+" in text and _FORM.search(text) is not None,
        lambda text: unescaped(text.replace("+", " ")),
    ),
    (
        _ESCAPED_TEXT,
        lambda text: "&" in text and _ENTITY.search(text) is not None,
        lambda text: _ENTITY.sub(lambda match: _ENTITIES[match[1]], text),
    ),
    ("with other line ends", lambda text: "\r\n" in text, lambda text: text.replace("\r\n", "\n")),
)


def _of_base64(run: str) -> Iterator[tuple[str, str]]:
    """What a run of letters of base64 decodes to, from each of the four places where a group may begin."""
    run = run.translate(_ALPHABET)
    for shift in range(4 if len(run) >= 2 * 11 else 1):
        yield from _readable(partial(_from_base64, run, shift), len(run) * 3 // 4, "in base64")


def _from_base64(run: str, shift: int, wanted: int) -> bytes:
    part = run[shift : shift + (wanted + 2) // 3 * 4]
    whole = len(part) // 4 * 4
    rest = part[whole:]
    # A single letter holds less than a byte.
    return base64.b64decode(part[:whole] + (rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""))


def _of_hex(digits: str, wanted: int) -> bytes:
    return bytes.fromhex(digits[: min(wanted, len(digits) // 2) * 2])


def _readable(decode: Callable[[int], bytes], length: int, how: str) -> Iterator[tuple[str, str]]:
    """The text that `decode` gives, asked for its first bytes, if some part of it can be read."""
    head = decode(_SHORT_RUN)
    if head.startswith(b"\x1f\x8b") or head[:1] == b"\x78":
        unpacked = _unpacked(decode(length))
        if unpacked:
            yield unpacked.decode("utf-8", "replace"), f"compressed {how}"
            return
    # A text of UTF-16 has a zero beside each plain letter.
    zeros = head[::2].count(0), head[1::2].count(0)
    encoding = "utf-8" if sum(zeros) * 3 < len(head) else "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    text = head.decode(encoding, "replace")
    broken = text.count(_BROKEN)
    if (length > _SHORT_RUN and broken > _NOISE * len(text)) or (broken and not _PRINTABLE.search(text)):
        return
    yield (head if length <= _SHORT_RUN else decode(length)).decode(encoding, "replace"), how


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(47)  # either of the two headers
    try:
        return unpacker.decompress(data, _LARGEST_EXPANSION)
    except zlib.error:
        return b""
