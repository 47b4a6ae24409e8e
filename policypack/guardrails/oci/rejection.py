"""What to say of a text that the language rejects, or that nobody can read yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from .advice import advice
from .stop import LONGEST_EDITED, NO_EDIT

_EXCERPT: Final = 48
_SHOWN_WORD: Final = 32
_LONGEST: Final = 300
_SHORTEST_CORRECTION: Final = 40
_MOST_CORRECTIONS: Final = 4

# Terminals of the grammar that stand for several keywords; a terminal listed nowhere is one, spelled by its name.
_CHOICES: Final = {
    "ANYONE": ("any-user", "any-group"),
    "GROUP": ("group", "dynamic-group"),
    "VERB": ("inspect", "read", "use", "manage"),
    "QUANTIFIER": ("all", "any"),
    "ORDER": ("before", "after"),
    "EQUALITY": ("=", "!="),
}
# What a reader calls the terminals that are no keywords.
_PHRASES: Final = {
    "NAME": "a name",
    "OCID": "an OCID (`ocid1.…`)",
    "TYPE": "a resource type or family",
    "PERMISSION": "a permission",
    "VARIABLE": "a variable such as `target.bucket.name`",
    "PATTERN": "a /pattern/",
    "QUOTED": "a value in single quotes",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "SLASH": "`/`",
    "BANG": "`!`",
    "$END": "the end",
}
_VARIABLE_OF_A_RULE: Final = "a variable such as `instance.compartment.id`"
_ORDER: Final = {name: place for place, name in enumerate(_PHRASES)}
# What is read and is not what anybody should write.
_UNSAID: Final = frozenset({"OPAQUE", "LSQB", "RESOURCE"})

# A word ends at a blank or a mark; an open quote or pattern reaches to the end of the text.
_FOUND: Final = re.compile(r"'[^']*'?|//|/\*|/[^/]*/?|[\w.@+\-\u2010-\u2015\u2212]+|&&|\|\||--|\S", re.DOTALL)


class Misplaced(Exception):  # noqa: N818 - it says where reading stopped, and never leaves this room
    """Reading stopped at `offset` (characters from 0), where only the `accepted` terminals of the grammar fit."""

    def __init__(self, offset: int, accepted: frozenset[str]) -> None:
        super().__init__(offset)
        self.offset = offset
        self.accepted = accepted


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The text cannot be read yet, because a part that is not known decides how it reads."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The language does not take this text.

    `column` counts characters from 1, line breaks too; `found` is what stands there, empty at the end; `expected`
    says what fits; `nearest` is the word the writer may have meant; `hint` is advice on a known mistake; `corrected`
    is the text as it was certainly meant, which the language takes; `excerpt` is the text around the column, short and
    printable. Where nothing was expected, `problem` says what is wrong instead. Printed it is one sentence, of at most
    300 characters.
    """

    column: int
    expected: str
    found: str = ""
    nearest: str | None = None
    hint: str | None = None
    excerpt: str = ""
    corrected: str | None = None
    problem: str = ""

    def __str__(self) -> str:
        found = f"found `{self.found}`" if self.found else "the text ends"
        said = [f"column {self.column}: {self.problem or f'expected {self.expected}, but {found}'}"]
        if self.nearest and not self.corrected:
            said.append(f"did you mean `{self.nearest}`?")
        if self.hint:
            said.append(self.hint)
        sentence = "; ".join(said)
        room = _LONGEST - len(sentence) - len("; write: ")
        if self.corrected and room >= _SHORTEST_CORRECTION:
            return f"{sentence}; write: {_around(self.corrected, self.column - 1, room)}"
        if self.excerpt and room >= len(self.excerpt):
            return f"{sentence}; near: {self.excerpt}"
        return cut(sentence, _LONGEST)


def found_at(text: str, offset: int) -> str:
    """Return the word, quoted string or mark that stands at `offset`, in full."""
    match = _FOUND.match(text, offset)
    return match.group() if match else ""


def explain(text: str, stopped: Misplaced, read: Callable[[str], Misplaced | None]) -> Rejected:
    """Say in words why `text` is rejected at the place where reading stopped; `read` tells where it does in another."""
    found = found_at(text, stopped.offset)
    nearest = _nearest(found, stopped.accepted)
    given = list(advice(text, stopped.offset, found, stopped.accepted, nearest))
    return Rejected(
        column=stopped.offset + 1,
        expected=_expected(stopped.accepted),
        found=shown(found, _SHOWN_WORD),
        nearest=nearest,
        hint=next((one.said for one in given if one.said), None),
        excerpt=excerpt(text, stopped.offset),
        corrected=_corrected(text, stopped, read) if len(text) <= LONGEST_EDITED else None,
    )


def _corrected(text: str, stopped: Misplaced, read: Callable[[str], Misplaced | None]) -> str | None:
    """The text with what is wrong in it corrected, one thing after the other; None where one is not certain."""
    stop: Misplaced | None = stopped
    for _ in range(_MOST_CORRECTIONS):
        if stop is None:
            return text
        found = found_at(text, stop.offset)
        given = advice(text, stop.offset, found, stop.accepted, _nearest(found, stop.accepted))
        text = next((one.edited for one in given if one.edited is not None), NO_EDIT)
        if text == NO_EDIT:
            return None
        stop = read(text)
    return None


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


def _keywords(accepted: frozenset[str]) -> list[str]:
    words: list[str] = []
    for terminal in sorted(accepted - _PHRASES.keys() - _UNSAID, key=lambda name: name.lstrip("_")):
        words += _CHOICES.get(terminal, (terminal.lstrip("_").lower().replace("_", "-"),))
    return list(dict.fromkeys(words))


def _expected(accepted: frozenset[str]) -> str:
    # Where a name or an OCID fits, a quoted one does too, and saying both reads as two different things.
    unsaid = {"QUOTED"} if "NAME" in accepted or ("OCID" in accepted and "PATTERN" not in accepted) else set()
    if "OCID" in accepted:
        unsaid.add("_ID")
    if "PATTERN" in accepted:
        # An OCID and a variable fit as well, and whoever means one has written it.
        unsaid |= {"OCID", "VARIABLE"}
    accepted -= unsaid
    listed = [name for name in accepted if name in _PHRASES]
    phrases = [f"`{word}`" for word in _keywords(accepted)]
    phrases += [_PHRASES[name] for name in sorted(listed, key=_ORDER.__getitem__)]
    if "BANG" not in accepted:
        phrases = [_VARIABLE_OF_A_RULE if phrase == _PHRASES["VARIABLE"] else phrase for phrase in phrases]
    return " or ".join(filter(None, [", ".join(phrases[:-1]), phrases[-1]])) if phrases else "something else"


def _nearest(found: str, accepted: frozenset[str]) -> str | None:
    keywords = _keywords(accepted) if found.lower() != "any-tenancy" else []
    word = found[:_SHOWN_WORD].lower()
    close = get_close_matches(word, keywords, n=1, cutoff=0.7)
    return close[0] if close and close[0] != word else None
