"""From the place where reading stopped to a rejection in words."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Final

from .advice_on_statements import advice
from .negation import negations, turns_round
from .rejection import Rejected, excerpt, shown
from .stop import LONGEST_EDITED, NO_EDIT, Misplaced, found_at
from .withheld import is_withheld

_SHOWN_WORD: Final = 32
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
_UNSAID: Final = frozenset({"OPAQUE", "LSQB", "RESOURCE", "_SETS_INTERSECT"})


def explain(text: str, stopped: Misplaced, read: Callable[[str], Misplaced | None]) -> Rejected:
    """Say in words why `text` is rejected at the place where reading stopped; `read` tells where it does in another."""
    found = found_at(text, stopped.offset)
    nearest = _nearest(found, stopped.accepted)
    given = list(advice(text, stopped.offset, found, stopped.accepted, nearest))
    known = bool(given) and given[0].said is not None and given[0].edited == NO_EDIT
    return Rejected(
        column=stopped.offset + 1,
        expected=_expected(stopped.accepted),
        found=_named(found),
        nearest=None if known else nearest,
        hint=next((one.said for one in given if one.said), None),
        excerpt=excerpt(text, stopped.offset),
        corrected=_corrected(text, stopped, read) if len(text) <= LONGEST_EDITED else None,
    )


def _named(found: str) -> str:
    """What was found, as it is shown; a blank that is not one of the language by its number."""
    return shown(found, _SHOWN_WORD) or (f"U+{ord(found[0]):04X}" if found else "")


def _corrected(text: str, stopped: Misplaced, read: Callable[[str], Misplaced | None]) -> str | None:
    """The text with what is wrong in it corrected, one thing after the other; None where that is unsure or withheld."""
    stop: Misplaced | None = stopped
    negated = negations(text)
    for _ in range(_MOST_CORRECTIONS):
        if stop is None:
            return None if is_withheld(text) else text
        found = found_at(text, stop.offset)
        given = advice(text, stop.offset, found, stop.accepted, _nearest(found, stop.accepted))
        text = next((one.edited for one in given if one.edited is not None), NO_EDIT)
        if text == NO_EDIT or negations(text) < negated:
            return None
        stop = read(text)
    return None


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
    return close[0] if close and close[0] != word and not turns_round(word, close[0]) else None
