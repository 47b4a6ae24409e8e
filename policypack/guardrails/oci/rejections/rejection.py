"""What the language answers where it does not take a text, or cannot tell yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

_EXCERPT: Final = 48
_LONGEST: Final = 300
_LONGEST_FIX: Final = 600
_QUOTED_OR_BLANKS: Final = re.compile(r"'(?:[^'\\\r\n]|\\.)*'|[ \t\r\n\f\v]+")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The text cannot be read yet, because a part that is not known decides how it reads."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The language does not take this text.

    `column` counts characters from 1, line breaks too; `found` is what stands there, empty at the end; `expected`
    says what fits; `nearest` is the word the writer may have meant; `hint` is advice on a known mistake; `corrected`
    is the text as it was certainly meant, which the language takes; `remedy` says what to do where none is certain;
    `excerpt` is the text around the column, short and printable. Where nothing was expected, `problem` says what is
    wrong instead. Printed it is one sentence, of at most 300 characters.
    """

    column: int
    expected: str
    found: str = ""
    nearest: str | None = None
    hint: str | None = None
    excerpt: str = ""
    corrected: str | None = None
    problem: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        found = f"found `{self.found}`" if self.found else "the text ends"
        said = [f"column {self.column}: {self.problem or f'expected {self.expected}, but {found}'}"]
        if self.nearest:
            said.append(f"did you mean `{self.nearest}`?")
        if self.hint:
            said.append(self.hint)
        sentence = "; ".join(said)
        near = f"; near: {self.excerpt}" if self.excerpt else ""
        return cut(sentence, _LONGEST) if len(sentence) + len(near) > _LONGEST else sentence + near

    def told(self) -> tuple[str, str]:
        """What is wrong, and what to do about it; no advice stands in both."""
        written = self._written()
        if written or self.remedy:
            return str(self), written or self.remedy
        if self.hint:
            return str(replace(self, hint=None)), f"{self.hint[0].upper()}{self.hint[1:]}."
        if self.nearest:
            said = str(replace(self, nearest=None))
            return said, f"Write `{self.nearest}` at column {self.column}, if that is what is meant."
        return str(self), f"What fits at column {self.column} is {self.expected}."

    def _written(self) -> str:
        """The correction to paste, of a long one the part that changes; empty where there is none that can be shown."""
        if not self.corrected:
            return ""
        line = _QUOTED_OR_BLANKS.sub(lambda part: " " if part[0].isspace() else part[0], self.corrected).strip()
        if not line.isprintable():
            return ""
        if len(line) <= _LONGEST_FIX:
            return f"Write: {line}"
        return f"Write at column {self.column}: {_around(self.corrected, self.column - 1, _LONGEST_FIX)}"


def excerpt(text: str, offset: int) -> str:
    """Return the text around `offset` on one line, without control characters, at most some fifty characters."""
    return _around(text, offset, _EXCERPT + 2)


def _around(text: str, offset: int, room: int) -> str:
    """The text on one line, of at most `room` characters; where it is longer, what stands around `offset`."""
    if len(text) > room:
        start = max(0, min(offset - room // 2, len(text) - room + 1))
        text = f"{'…' if start else ''}{text[start : start + room - 2]}{'…' if start + room - 2 < len(text) else ''}"
    return shown(text, room)


def shown(text: str, limit: int) -> str:
    """The text on one line, without control characters, of at most `limit` characters."""
    one_line = re.sub(r"\s+", " ", text[: limit + 1]).strip()
    return cut(
        "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in one_line), limit
    )


def cut(text: str, limit: int) -> str:
    """The text, of at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
