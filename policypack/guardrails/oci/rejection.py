"""What to say of a text that the language rejects, or that nobody can read yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

_EXCERPT: Final = 48
_SHOWN_WORD: Final = 32

# Terminals of the grammar that stand for several keywords; a terminal listed nowhere is one, spelled by its name.
_CHOICES: Final = {
    "ANYONE": ("any-user", "any-group"),
    "GROUP": ("group", "dynamic-group"),
    "VERB": ("inspect", "read", "use", "manage"),
    "QUANTIFIER": ("all", "any"),
    "ORDER": ("before", "after"),
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
    "EQUALITY": "`=` or `!=`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "SLASH": "`/`",
    "BANG": "`!`",
    "$END": "the end",
}
_ORDER: Final = {name: place for place, name in enumerate(_PHRASES)}

# A word ends at a blank or a mark; an open quote or pattern reaches to the end of the text.
_FOUND: Final = re.compile(r"'[^']*'?|/[^/]*/?|[\w.@+-]+|\S", re.DOTALL)
_TYPOGRAPHIC: Final = frozenset("‘’‚‛“”„‟`´′″«»")  # noqa: RUF001
_INFIX: Final = frozenset({"and", "or", "&&", "&", "|", "||"})


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
    says what fits; `nearest` is the keyword the writer may have meant; `hint` is advice on a known mistake;
    `excerpt` is the text around the column, short and printable.
    """

    column: int
    expected: str
    found: str = ""
    nearest: str | None = None
    hint: str | None = None
    excerpt: str = ""

    def __str__(self) -> str:
        found = f"found `{self.found}`" if self.found else "the text ends"
        said = [f"column {self.column}: expected {self.expected}, but {found}"]
        if self.nearest:
            said.append(f"did you mean `{self.nearest}`?")
        if self.hint:
            said.append(self.hint)
        if self.excerpt:
            said.append(f"near: {self.excerpt}")
        return "; ".join(said)


def found_at(text: str, offset: int) -> str:
    """Return the word, quoted string or mark that stands at `offset`, in full."""
    match = _FOUND.match(text, offset)
    return match.group() if match else ""


def explain(text: str, stopped: Misplaced) -> Rejected:
    """Say in words why `text` is rejected at the place where reading stopped."""
    found = found_at(text, stopped.offset)
    return Rejected(
        column=stopped.offset + 1,
        expected=_expected(stopped.accepted),
        found=_shown(found, _SHOWN_WORD),
        nearest=_nearest(found, stopped.accepted),
        hint=_hint(text, stopped.offset, found, stopped.accepted),
        excerpt=excerpt(text, stopped.offset),
    )


def excerpt(text: str, offset: int) -> str:
    """Return the text around `offset` on one line, without control characters, at most some fifty characters."""
    start = max(0, offset - _EXCERPT // 2)
    end = start + _EXCERPT
    shown = _shown(text[start:end], _EXCERPT)
    return f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}"


def _shown(text: str, limit: int) -> str:
    cut = re.sub(r"\s+", " ", text[:limit]).strip()
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in cut)
    return printable if len(text) <= limit else f"{printable}…"


def _keywords(accepted: frozenset[str]) -> list[str]:
    words: list[str] = []
    for terminal in sorted(accepted - _PHRASES.keys() - {"OPAQUE"}, key=lambda name: name.lstrip("_")):
        words += _CHOICES.get(terminal, (terminal.lstrip("_").lower().replace("_", "-"),))
    return list(dict.fromkeys(words))


def _expected(accepted: frozenset[str]) -> str:
    # Where a name fits, a quoted one does too, and saying both reads as two different things.
    quoted_name = "NAME" in accepted or ("OCID" in accepted and "PATTERN" not in accepted)
    listed = [name for name in accepted if name in _PHRASES and not (name == "QUOTED" and quoted_name)]
    phrases = [f"`{word}`" for word in _keywords(accepted)]
    phrases += [_PHRASES[name] for name in sorted(listed, key=_ORDER.__getitem__)]
    return " or ".join(filter(None, [", ".join(phrases[:-1]), phrases[-1]])) if phrases else "something else"


def _nearest(found: str, accepted: frozenset[str]) -> str | None:
    close = get_close_matches(found[:_SHOWN_WORD].lower(), _keywords(accepted), n=1, cutoff=0.7)
    return close[0] if close else None


def _hint(text: str, offset: int, found: str, accepted: frozenset[str]) -> str | None:
    word = found.lower()
    if found and (found[0] in _TYPOGRAPHIC or found[0] == '"'):
        return "the language knows plain single quotes only"
    if found and not (found[0].isprintable() and found[0].isascii()):
        return f"U+{ord(found[0]):04X} is a character the language does not take outside quotes"
    if found.startswith("'") and not (len(found) > 1 and found.endswith("'")):
        return "this quote is not closed on its line"
    if word in {"user", "users"} and "GROUP" in accepted:
        return "a single user is no subject; name a group, or test `request.user.id` in a condition"
    if accepted <= {"OCID", "QUOTED"} and found:
        return "only an OCID follows here"
    if word in _INFIX and "$END" in accepted:
        return "join tests as `all {…}` or `any {…}`"
    if found in {"=", "~"} and "PATTERN" in accepted:
        return "values are compared with one `=` or with `!=`"
    if word == "any-tenancy" and "_TENANCY" in accepted:
        return "only any-user and any-group come from any tenancy"
    if found == "," and "TYPE" in accepted:
        return "one verb a statement"
    if found == "," and accepted & {"_IN", "_WHERE"}:
        return "one resource type and one location a statement"
    if {"_TO", "SLASH"} & accepted and re.search(r"[\w.@+-]\s+$", text[:offset]) and re.match(r"\w", found):
        return "a name with a blank stands in single quotes"
    return None
