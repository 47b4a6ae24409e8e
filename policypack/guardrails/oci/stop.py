"""Where reading a text stopped, and advice on it: what the modules of advice share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Longer texts are not corrected: each that is offered costs a reading.
LONGEST_EDITED: Final = 2_000
NO_EDIT: Final = ""  # nothing can be corrected for certain, the nearest word included

_WORD: Final = re.compile(r"[\w.@+-]+")


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
