"""Advice on the names and OCIDs of groups, compartments and tenancies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .negation import NEGATING
from .stop import NO_EDIT, Advice, Stop

_JOINTS: Final = frozenset({"to", "in", "of", "as", "with", "where", "when", "if"})
_VERBS: Final = frozenset({"inspect", "read", "use", "manage"})
_AND: Final = frozenset({"and", "or", "&", "&&"})
# A run of words with one of these is more than one name that lacks its quotes.
_NO_PART_OF_A_NAME: Final = _AND | frozenset(
    [
        "are",
        "can",
        "is",
        "may",
        "must",
        "only",
        "other",
        "plus",
        "should",
        "than",
        "allow",
        "deny",
        "endorse",
        "admit",
        "define",
        "group",
        "groups",
        "dynamic-group",
        "dynamic",
        "service",
        "services",
        "user",
        "users",
        "any-user",
        "any-group",
        "compartment",
        "compartments",
        "tenancy",
        "region",
        "domain",
        "id",
    ]
)
_REST_OF_NAME: Final = re.compile(
    r".*?(?=\s+(?:to|in|of|as|with|where|when|if)\b|\s*[{,:/]|\s*$)", re.IGNORECASE | re.DOTALL
)
_KIND: Final = re.compile(r"(?<![\w.@+'-])(dynamic-group|group|service)(?=\s)", re.IGNORECASE)
_ANOTHER: Final = re.compile(r"\s+((?:dynamic-)?group|service)\s+(?=[\w'])", re.IGNORECASE)
_KIND_AGAIN: Final = re.compile(r",\s*((?:dynamic-)?group|service)\s+$", re.IGNORECASE)
_ONE_KIND: Final = "one kind of principal a statement; write another statement for the other"


def on_names(stop: Stop) -> Iterator[Advice]:
    """Advice where a name or an OCID is read, or has just been."""
    if stop.accepted == {"_ID"}:
        yield Advice("before an OCID stands `id`", stop.replaced(f"id {stop.found}"))
    elif "OCID" in stop.accepted <= {"OCID", "QUOTED", "_ID"} and stop.found:
        named = ", and a name without `id`" if stop.previous == "id" else ""
        yield Advice(f"only an OCID follows here{named}")
    if stop.word == "any-tenancy" and "_TENANCY" in stop.accepted:
        yield Advice("only any-user and any-group come from any tenancy", NO_EDIT)
    if "_TO" in stop.accepted and stop.word in _VERBS:
        if stop.previous == "to":
            yield Advice("the name of the group is missing", NO_EDIT)
        else:
            yield Advice("`to` is missing before the verb", stop.replaced(f"to {stop.found}"))
    elif "COLON" in stop.accepted and re.match(r"/\s*[\w']", stop.text[stop.offset :]):
        edited = f"{stop.before.rstrip()}:{stop.text[stop.offset + 1 :].lstrip()}"
        yield Advice("a compartment and one below it are joined as `A:B`", edited)
    elif "_TO" in stop.accepted and (stop.word in _AND or _KIND_AGAIN.search(stop.before[-80:])):
        yield from _several_principals(stop)
    elif {"_TO", "SLASH", "COLON", "_AS"} & stop.accepted and stop.word not in _JOINTS and stop.nearest is None:
        yield from _names_with_blanks(stop)


def _several_principals(stop: Stop) -> Iterator[Advice]:
    first = _KIND.search(stop.before)
    kind = first[1].lower() if first is not None else ""
    again = _KIND_AGAIN.search(stop.before)
    another = _ANOTHER.match(stop.after)
    if again is not None:
        edited = f"{stop.before[: again.start(1)]}{stop.found}{stop.after}"
        yield _joined(kind, again[1], edited)
    elif another is not None:
        yield _joined(kind, another[1], f"{stop.before.rstrip()}, {stop.after[another.end() :]}")
    elif not kind or re.match(r"\s+any-(?:user|group)\b", stop.after, re.IGNORECASE):
        yield Advice(_ONE_KIND, NO_EDIT)
    else:
        said = f"several names stand as `{kind} A, B`, and one with a blank in single quotes"
        yield Advice(said, NO_EDIT)


def _joined(kind: str, other: str, edited: str) -> Advice:
    if other.lower() != kind:
        return Advice(_ONE_KIND, NO_EDIT)
    return Advice(f"the word `{kind}` stands once, and commas between the names", edited)


def _names_with_blanks(stop: Stop) -> Iterator[Advice]:
    begun = re.search(r"([\w.@+-]+)\s+$", stop.before[-200:])
    if begun is None or not re.match(r"\w", stop.found):
        return
    start = stop.offset - len(begun[0])
    rest = _REST_OF_NAME.match(stop.text[stop.offset : stop.offset + 120])
    end = stop.offset + (len(rest[0]) if rest is not None else len(stop.found))
    name = stop.text[start:end]
    words = name.lower().split()
    if not NEGATING.isdisjoint(words):
        yield Advice("a name with a blank stands in single quotes, and no word leaves a part out again", NO_EDIT)
    elif re.fullmatch(r"[\w.@+\s-]+", name) and words[0] not in _JOINTS and _NO_PART_OF_A_NAME.isdisjoint(words):
        edited = f"{stop.text[:start]}'{name}'{stop.text[end:]}"
        yield Advice("a name with a blank stands in single quotes", edited)
