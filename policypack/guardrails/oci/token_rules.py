"""Rules on the claims of an outside token, by which an identity propagation trust picks a service user.

Semantics: Oracle Cloud Infrastructure documentation, "Token Exchange Grant Type": a claim, `eq` with asterisks that
stand for any text or `co` without, and a text. What else is read here is of the language it was taken from (RFC 7644,
"Filtering"): `sw`, `ew`, `pr`, `and`, `or`, `not` and parentheses. What a comparison of another kind lets through is
taken for everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..values import ANYTHING, Unknown
from .rejections.rejection import Unreadable

# Far beyond any rule met in practice. They bound the time and the depth of what is read.
MAX_LENGTH: Final = 4_000
MAX_DEPTH: Final = 20

_NAME: Final = r"\"(?P<quoted>[^\"\s]+)\"|(?P<name>[A-Za-z_][^\s()\"'\[\]]*)"
_OPERATOR: Final = r"(?P<operator>eq|ne|co|sw|ew|gt|ge|lt|le)"
_VALUE: Final = r"\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<bare>[^\s()\"']+)"
_COMPARISON: Final = re.compile(
    rf"(?:{_NAME})\s+(?:{_OPERATOR}\s+(?:{_VALUE})|(?P<present>pr))(?=[\s)]|$)", re.IGNORECASE
)
# An unquoted text with blanks in it, such as the name of an environment, ends where the rule ends.
_ONE: Final = re.compile(
    rf"(?:{_NAME})\s+{_OPERATOR}\s+(?P<bare>[^\s()\"'](?:(?!\s(?:and|or)(?:[\s(]|$))[^\"'])*)", re.IGNORECASE
)
_WORD: Final = re.compile(r"\s*(?P<word>\(|\)|(?:and|or|not)(?=[\s(]))", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_PATTERNS: Final = {"eq": "{}", "co": "*{}*", "sw": "{}*", "ew": "*{}"}


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """What the text of a claim has to match; an asterisk in `pattern` stands for any text, none included."""

    claim: str
    pattern: str

    @property
    def lets_all_through(self) -> bool:
        return self.pattern != "" and not self.pattern.strip("*")


@dataclass(frozen=True, slots=True)
class AllOf:
    """Tests that all have to hold."""

    members: tuple[TokenRule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Tests of which one has to hold."""

    members: tuple[TokenRule, ...]


TokenRule: TypeAlias = ClaimTest | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Readings:
    """A rule whose unknown parts are taken for the `widest` texts, and for one text each (`narrowest`)."""

    widest: TokenRule
    narrowest: TokenRule


def parse(text: object) -> Readings | Unreadable:
    """Read a rule. Never raises.

    `text` is a string or `UNKNOWN`. A part that may be any text is a wildcard in one reading and a text that is not
    known in the other; where it is more than a part of a value, the rule cannot be read.
    """
    if isinstance(text, Unknown):
        return Unreadable("its text is not known before it is created")
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        return Unreadable("it is no text, or longer than any rule")
    narrowest = _parse(text)
    widest = _parse(ANYTHING.sub("*", text))
    if narrowest is None or widest is None:
        anything = ANYTHING.search(text)
        if anything is not None:
            return Unreadable(f"how it reads hangs on a part that is not known, at column {anything.start() + 1}")
        return Unreadable('it does not read as a claim, `eq` or `co`, and a text, such as: sub eq "SUBJECT"')
    return Readings(widest, narrowest)


def _parse(text: str) -> TokenRule | None:
    one = _ONE.fullmatch(text.strip())
    if one is not None:
        return _test(one)
    return _Reader(text.rstrip()).whole()


class _Reader:
    """Reads a rule from the left to the right; `not` binds closer than `and`, and `and` than `or`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> TokenRule | None:
        found = self._any(0)
        return found if self.at == len(self.text) else None

    def _word(self, *words: str) -> bool:
        match = _WORD.match(self.text, self.at)
        if match is None or match["word"].lower() not in words:
            return False
        self.at = match.end()
        return True

    def _any(self, depth: int) -> TokenRule | None:
        members = [self._all(depth)]
        while members[-1] is not None and self._word("or"):
            members.append(self._all(depth))
        found = tuple(each for each in members if each is not None)
        return None if len(found) < len(members) else found[0] if len(found) == 1 else AnyOf(found)

    def _all(self, depth: int) -> TokenRule | None:
        members = [self._one(depth)]
        while members[-1] is not None and self._word("and"):
            members.append(self._one(depth))
        found = tuple(each for each in members if each is not None)
        return None if len(found) < len(members) else found[0] if len(found) == 1 else AllOf(found)

    def _one(self, depth: int) -> TokenRule | None:
        if depth > MAX_DEPTH:
            return None
        negated = self._word("not")
        if self._word("("):
            inner = self._any(depth + 1)
            if inner is None or not self._word(")"):
                return None
            # Whatever is kept out, everything else comes in.
            return ClaimTest("", "*") if negated else inner
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        match = None if negated else _COMPARISON.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return _test(match)


def _test(match: re.Match[str]) -> ClaimTest:
    parts = match.groupdict()
    claim = parts["quoted"] or parts["name"]
    if parts.get("present"):
        return ClaimTest(claim, "*")
    quoted = parts.get("double") if parts.get("double") is not None else parts.get("single")
    value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else (parts["bare"] or "").rstrip()
    return ClaimTest(claim, _PATTERNS.get(parts["operator"].lower(), "*").format(value))
