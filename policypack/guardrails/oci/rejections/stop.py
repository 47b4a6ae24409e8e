"""Where reading a text stopped, and advice on it: what the reader and the modules of advice share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# Longer texts are not corrected: each that is offered costs a reading.
LONGEST_EDITED: Final = 2_000
NO_EDIT: Final = ""  # nothing can be corrected for certain, the nearest word included

QUOTED: Final = re.compile(r"'(?:[^'\\\r\n]|\\.)*'")

# A word ends at a blank or a mark; an open quote or pattern reaches to the end of the text.
_FOUND: Final = re.compile(
    r"'[^']*'?|//|/\*|/[^/]*/?|[\w.@+\-\u2010-\u2015\u2212]+|&&|\|\||--|[^ \t\r\n\f\v]", re.DOTALL
)
_WORD: Final = re.compile(r"[\w.@+-]+")


class Misplaced(Exception):  # noqa: N818 - it says where reading stopped, and never leaves this room
    """Reading stopped at `offset` (characters from 0), where only the `accepted` terminals of the grammar fit."""

    def __init__(self, offset: int, accepted: frozenset[str]) -> None:
        super().__init__(offset)
        self.offset = offset
        self.accepted = accepted


def found_at(text: str, offset: int) -> str:
    """Return the word, quoted string or mark that stands at `offset`, in full."""
    match = _FOUND.match(text, offset)
    return match.group() if match else ""


def outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """The text with what stands in no quotes changed; what is quoted is a name or a value, and stays as it is."""
    changed, end = [], 0
    for quoted in QUOTED.finditer(text):
        changed += [change(text[end : quoted.start()]), quoted[0]]
        end = quoted.end()
    return "".join([*changed, change(text[end:])])


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, if there is anything to say, and the whole text as it may have been meant."""

    said: str | None
    edited: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Where reading stopped: at `offset`, at the word or mark `found`, where only `accepted` terminals fit."""

    text: str
    offset: int
    found: str
    accepted: frozenset[str]
    nearest: str | None

    @property
    def word(self) -> str:
        return self.found.lower()

    @property
    def before(self) -> str:
        return self.text[: self.offset]

    @property
    def after(self) -> str:
        return self.text[self.offset + len(self.found) :]

    @property
    def previous(self) -> str:
        """The word before, in lower case."""
        words = _WORD.findall(self.text[max(0, self.offset - 80) : self.offset])
        return words[-1].lower() if words else ""

    def replaced(self, new: str) -> str:
        """The text with `new` in the place of what was found."""
        return f"{self.before}{new}{self.after}"
