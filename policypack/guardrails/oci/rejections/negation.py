"""Words that take something away: no correction may lose one, or make a grant of it."""

from __future__ import annotations

import re
from typing import Final

from .stop import QUOTED

NEGATING: Final = frozenset(
    [
        "but",
        "cannot",
        "denied",
        "denies",
        "deny",
        "except",
        "excepting",
        "exclude",
        "excluded",
        "excludes",
        "excluding",
        "forbid",
        "forbidden",
        "forbids",
        "minus",
        "neither",
        "never",
        "no",
        "non",
        "none",
        "nor",
        "not",
        "prohibit",
        "prohibited",
        "prohibits",
        "unless",
        "without",
    ]
)
_TURNED: Final = re.compile(r"un|anti")
_WITHIN: Final = re.compile(r"not|never|except|unless|without|no(?:ne)?$")
_NEGATION: Final = re.compile(r"[^\W\d_][\w-]*|!")


def negations(text: str) -> int:
    """How many words and signs that negate stand in a text outside its quotes."""
    words = _NEGATION.findall(QUOTED.sub(" ", text).lower())
    return sum(word == "!" or word in NEGATING for word in words)


def turns_round(word: str, meant: str) -> bool:
    """Whether `word` is `meant`, both in lower case, and something that makes the opposite of it, or looks so."""
    if not NEGATING.isdisjoint(re.split(r"[\W_]+", word)) or _WITHIN.search(word):
        return _WITHIN.search(meant) is None
    return (word[:1] in {"d", "n"} or _TURNED.match(word) is not None) and word[:1] != meant[:1]
