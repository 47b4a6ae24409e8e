"""Advice on signs that the language does not take, or not there: quotes, hyphens, blanks, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .stop import NO_EDIT, Advice, Stop, outside_quotes

_TYPOGRAPHIC: Final = "‘’‚‛“”„‟`´′″«»"  # noqa: RUF001
_STRAIGHTENED: Final = str.maketrans(dict.fromkeys(_TYPOGRAPHIC + '"', "'"))
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Blanks beside those of the grammar; a page copied from a browser is full of the first of them.
_BLANKS: Final = re.compile(r"[^\S \t\r\n\f\v]")
_COMMENTS: Final = frozenset({"#", "//", "--", "/*"})
_PLACEHOLDERS: Final = frozenset({"<", "$", "%"})


def on_characters(stop: Stop) -> Iterator[Advice]:
    """Advice where the sign itself is the mistake."""
    found = stop.found
    dash = _DASHES.search(found)
    if not found:
        return
    if not stop.before.strip() and found[0] in _TYPOGRAPHIC + "\"'":
        inner = stop.text.strip()[1:]
        closed = inner[:-1] if inner[-1:] in set(_TYPOGRAPHIC + "\"'") else inner
        yield Advice("a statement as a whole stands in no quotes", closed)
    elif found[0] in _TYPOGRAPHIC + '"':
        yield Advice(
            "the language knows plain single quotes only",
            outside_quotes(stop.text, lambda part: part.translate(_STRAIGHTENED)),
        )
    elif found.startswith("'") and not (len(found) > 1 and found.endswith("'")):
        # Without a blank in it, what was quoted can only end where the word does.
        closed = re.sub(r"^'([\w./-]+)", r"'\1'", found)
        yield Advice("this quote is not closed on its line", stop.replaced(closed))
    elif dash is not None:
        yield Advice(
            f"U+{ord(dash[0]):04X} is no plain hyphen", outside_quotes(stop.text, lambda part: _DASHES.sub("-", part))
        )
    elif _BLANKS.match(found):
        said = f"U+{ord(found[0]):04X} at column {stop.offset + 1} is no plain blank"
        yield Advice(said, outside_quotes(stop.text, lambda part: _BLANKS.sub(" ", part)))
    elif found in _COMMENTS and "EQUALITY" not in stop.accepted:
        rest = re.sub(r"^/\*.*?\*/|^(?!/\*)[^\r\n]*", "", stop.text[stop.offset :], flags=re.DOTALL)
        yield Advice("the language has no comments", f"{stop.before}{rest}".rstrip())
    elif found in _PLACEHOLDERS and "EQUALITY" not in stop.accepted:
        yield Advice("a placeholder stands here; put in what it is for", NO_EDIT)
    elif not (found[0].isprintable() and found[0].isascii()) and not found[0].isalnum():
        said = f"U+{ord(found[0]):04X} is a character the language does not take outside quotes"
        yield Advice(said, outside_quotes(stop.text, lambda part: _INVISIBLE.sub("", part)))
