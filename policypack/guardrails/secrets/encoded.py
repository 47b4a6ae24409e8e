"""What is encoded in a text, for those who look at every value of a program: most hold nothing that can be decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .layers import Layer, layers

SHORTEST_ENCODED: Final = 20  # of a run of base64 that holds a credential with a form of its own
_LONGEST: Final = 16_777_216
_PARTED: Final = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "+/_-=\n")}
_HEX: Final = re.compile(r"(?:[0-9a-f]{2}){16,}")
_ESCAPED: Final = ("%2", "%3", "%4", "\\u00", "\\/")


def decoded(text: str) -> Iterator[Layer]:
    """The `layers` of a text without the text itself, of its encoded parts alone where nothing else is escaped.

    Costs some microseconds where nothing in a short text looks encoded. Of more than 16 MB, the first 16.
    """
    if len(text) < SHORTEST_ENCODED:
        return
    text = text[:_LONGEST]
    if not any(map(text.__contains__, _ESCAPED)):
        runs = [run for run in text.translate(_PARTED).split() if len(run) >= SHORTEST_ENCODED and _may_be_encoded(run)]
        if not runs:
            return
        text = "\n".join(runs)
    every = layers(text)
    next(every)
    yield from every


def _may_be_encoded(run: str) -> bool:
    """Whether a run may be base64, which has letters of both cases, or hexadecimal digits."""
    if run.islower() or run.isupper() or run.isdigit():
        return _HEX.fullmatch(run) is not None
    return True
