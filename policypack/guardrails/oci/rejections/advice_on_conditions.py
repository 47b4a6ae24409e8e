"""Advice on conditions, on matching rules, and on what stands behind a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..permissions import permissions
from .stop import LONGEST_EDITED, NO_EDIT, QUOTED, Advice, Stop

_OPENINGS: Final = frozenset({"allow", "deny", "endorse", "admit", "define"})
_INFIX: Final = {"and": "all", "&&": "all", "&": "all", "or": "any", "||": "any", "|": "any"}
_INFIX_WORDS: Final = {
    "all": re.compile(r"\s+and\s+|\s*&&?\s*", re.IGNORECASE),
    "any": re.compile(r"\s+or\s+|\s*\|\|?\s*", re.IGNORECASE),
}
_QUOTED_OR_BRACKET: Final = re.compile(rf"{QUOTED.pattern}|[{{}}()]")
# What starts a test or a group of tests.
_TEST: Final = re.compile(
    r"(?:!\s*)?[a-z]\w*(?:\.[^\s.=!,{}()']+)+(?=\s*(?:!?=|,|\}|in\b|not\b|before\b|after\b|between\b))", re.IGNORECASE
)
_TESTS: Final = re.compile(r"(?:all|any)\s*\{", re.IGNORECASE)
_LIST: Final = re.compile(rf"(?:{QUOTED.pattern})(?:\s*,\s*(?:{QUOTED.pattern}))*")
_PERMISSIONS: Final = re.compile(r"\{\s*\w+_\w+(?:\s*,\s*\w+_\w+)*\s*")
_LIST_IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def on_conditions(stop: Stop) -> Iterator[Advice]:
    """Advice where a condition is read."""
    if "EQUALITY" in stop.accepted:
        yield from _comparisons(stop)
    elif "PATTERN" in stop.accepted or stop.accepted == {"QUOTED"}:
        yield from _values(stop)
    elif stop.accepted == {"LPAR", "LSQB"}:
        yield from _lists(stop)
    elif "LBRACE" in stop.accepted and stop.found in {"(", "["}:
        closing = {"(": ")", "[": "]"}[stop.found]
        head, _, tail = stop.after.rpartition(closing)
        yield Advice("tests stand in braces", f"{stop.before}{{{head}}}{tail}")
    elif "QUANTIFIER" in stop.accepted:
        yield from _tests(stop)
    if "RBRACE" in stop.accepted and "EQUALITY" not in stop.accepted:
        yield from _in_braces(stop, _open_braces(stop.before))
    if {"COMMA", "RPAR"} <= stop.accepted and stop.found.startswith("'"):
        yield Advice("a comma is missing between two values", f"{stop.before.rstrip()}, {stop.found}{stop.after}")


def _in_braces(stop: Stop, opened: list[int]) -> Iterator[Advice]:
    listed = opened and _PERMISSIONS.fullmatch(stop.text[opened[-1] : stop.offset])
    if listed and stop.word in {"and", "&", "&&"}:
        yield Advice("commas separate the permissions in braces", f"{stop.before.rstrip()},{stop.after}")
    elif listed and "_" in stop.found:
        both = {stop.previous.upper(), stop.found.upper()} <= permissions()
        edited = f"{stop.before.rstrip()}, {stop.found}{stop.after}" if both else NO_EDIT
        yield Advice("a comma is missing between two permissions", edited)
    elif stop.word in _INFIX:
        within = stop.text[: opened[-1]].rstrip().lower()[-3:] if opened else ""
        same = within == _INFIX[stop.word]
        yield Advice("commas separate the tests in braces", f"{stop.before.rstrip()},{stop.after}" if same else NO_EDIT)
    elif "COMMA" in stop.accepted and (_TEST.match(stop.text, stop.offset) or _TESTS.match(stop.text, stop.offset)):
        yield Advice("a comma is missing between two tests", f"{stop.before.rstrip()}, {stop.found}{stop.after}")
    elif opened and (not stop.found or stop.word in {"in", "where"}):
        rest = f" {stop.found}{stop.after}" if stop.found else ""
        # Of groups within each other nobody can tell where the inner one ends, nor of other words what they are.
        sure = not _is_nested(stop.before) and (not rest or _PERMISSIONS.fullmatch(stop.text[opened[-1] : stop.offset]))
        edited = f"{stop.before.rstrip()}}}{rest}" if sure else NO_EDIT
        yield Advice(f"the `{{` at column {opened[-1] + 1} is not closed", edited)


def _comparisons(stop: Stop) -> Iterator[Advice]:
    if stop.accepted <= {"EQUALITY", "$END"} and stop.word in {"in", "not", "between", "before", "after"}:
        yield Advice("a matching rule compares with `=` and `!=` only", NO_EDIT)
    elif stop.accepted == {"EQUALITY"} and not re.match(r"\w", stop.found):
        yield Advice("alone stands a tag only: `tag.NAMESPACE.KEY.value`", NO_EDIT)
    elif stop.word in {"is", "equals", "eq", ":"}:
        negated = re.match(r"\s+not\b", stop.after, re.IGNORECASE)
        edited = f"{stop.before}!={stop.after[negated.end() :]}" if negated is not None else stop.replaced("=")
        yield Advice("values are compared with `=` or `!=`", edited)
    elif stop.word in {"like", "contains", "matches", "startswith"}:
        yield Advice("a pattern is compared as `= /x*/`", NO_EDIT)
    elif stop.found == "<" and stop.after.startswith(">"):
        yield Advice("values are compared with `=` or `!=`", f"{stop.before}!={stop.after[1:]}")
    elif stop.found in {"<", ">"}:
        yield Advice("times are compared with `before` and `after`, and no other value has an order", NO_EDIT)


def _values(stop: Stop) -> Iterator[Advice]:
    if stop.found == "~" and not stop.after.lstrip().startswith("/"):
        yield Advice("a pattern is compared as `= /x*/`", NO_EDIT)
    elif stop.found in {"=", "~"}:
        yield Advice("values are compared with one `=` or with `!=`", stop.replaced(""))
    elif stop.found in {"(", "{", "["} and "PATTERN" not in stop.accepted:
        yield Advice("a matching rule compares with one value; write several tests as `any {…}`", NO_EDIT)
    elif stop.found in {"(", "{"}:
        head = stop.before.rstrip()
        word = " not in " if head.endswith("!=") else " in "
        yield Advice("a list follows `in`", f"{head.rstrip('!=').rstrip()}{word}{stop.found}{stop.after}")
    elif stop.found == "*":
        yield Advice("a pattern stands between slashes, such as `/x*/`", NO_EDIT)
    elif stop.found.startswith("/"):
        yield Advice("a matching rule knows no patterns", NO_EDIT)
    elif re.match(r"\w", stop.found):
        bare = re.match(r"[^\s,{}()'\"]+", stop.text[stop.offset :])
        word = bare[0] if bare else stop.found
        if "*" in word or "/" in word:
            yield Advice("a pattern stands between slashes, such as `/x*/`", NO_EDIT)
        edited = f"{stop.before}'{word}'{stop.text[stop.offset + len(word) :]}"
        yield Advice("a value stands in single quotes", edited)


def _lists(stop: Stop) -> Iterator[Advice]:
    listed = _LIST.match(stop.text, stop.offset)
    braced = _LIST_IN_BRACES.match(stop.text, stop.offset)
    edited = None
    if listed is not None:
        edited = f"{stop.before}({listed[0]}){stop.text[listed.end() :]}"
    elif braced is not None:
        edited = f"{stop.before}({braced[1]}){stop.text[braced.end() :]}"
    yield Advice("a list in round brackets follows `in`", edited)


def _tests(stop: Stop) -> Iterator[Advice]:
    if not stop.found:
        yield Advice("the condition is missing", NO_EDIT)
    elif stop.word == "where":
        yield Advice("leave out `where`", stop.replaced("").lstrip())
    elif stop.found == "(":
        tests = stop.text[stop.offset + 1 :].rstrip()
        edited = f"{stop.before}{tests[:-1].strip()}" if _is_enclosed(tests) else NO_EDIT
        yield Advice("one test stands in no brackets, several in `all {…}` or `any {…}`", edited)
    elif stop.found == "{":
        yield Advice("before the braces stands `all` or `any`", NO_EDIT)
    elif stop.found == "}" and stop.before.rstrip().endswith(","):
        yield Advice("a comma stands between two tests only", f"{stop.before.rstrip()[:-1]}{stop.found}{stop.after}")
    elif re.fullmatch(r"[\w-]+", stop.found) and re.match(r"\s*!?=", stop.after):
        yield Advice("a variable has several parts, such as `target.bucket.name`", NO_EDIT)


def on_ends(stop: Stop) -> Iterator[Advice]:
    """Advice where the text could end and does not."""
    if "$END" not in stop.accepted:
        return
    if stop.word in _OPENINGS or (stop.found in {";", "."} and stop.after.strip()):
        yield Advice("one statement a text; the next one is an entry of its own", NO_EDIT)
    elif stop.found in {";", "."}:
        yield Advice(f"a statement ends without `{stop.found}`", stop.before.rstrip())
    elif stop.found == "}":
        edited = NO_EDIT if stop.after.strip() or _is_nested(stop.before) else stop.before.rstrip()
        yield Advice("this `}` closes nothing", edited)
    elif stop.word in _INFIX:
        yield Advice("join tests as `all {…}` or `any {…}`", _joined(stop, _INFIX[stop.word]))
    elif "_WHERE" not in stop.accepted and (stop.found == "," or _TEST.match(stop.text, stop.offset)):
        yield Advice("join several tests as `all {…}`, or as `any {…}` where one is enough", NO_EDIT)


def _joined(stop: Stop, quantifier: str) -> str | None:
    """The text with the tests of its condition, which `and` or `or` joins, in braces."""
    if len(stop.text) > LONGEST_EDITED:
        return None
    where = re.search(r"\bwhere\b", stop.text, re.IGNORECASE)
    start = where.end() if where else 0
    kept: list[str] = []

    def hidden(quoted: re.Match[str]) -> str:
        kept.append(quoted[0])
        return f"\x00{len(kept) - 1}\x00"

    condition = QUOTED.sub(hidden, stop.text[start:].strip())
    tests = ", ".join(test.strip() for test in _INFIX_WORDS[quantifier].split(condition))
    shown = re.sub("\x00(\\d+)\x00", lambda number: kept[int(number[1])], tests)
    return f"{stop.text[:start]}{' ' if start else ''}{quantifier} {{{shown}}}"


def _open_braces(text: str) -> list[int]:
    """Where the braces stand (characters from 0) that no other closes."""
    opened: list[int] = []
    for part in _QUOTED_OR_BRACKET.finditer(text):
        if part[0] == "{":
            opened.append(part.start())
        elif part[0] == "}" and opened:
            opened.pop()
    return opened


def _is_nested(text: str) -> bool:
    """Whether one group of tests stands within another."""
    depth = 0
    for part in _QUOTED_OR_BRACKET.finditer(text):
        depth += {"{": 1, "}": -1}.get(part[0], 0)
        if depth > 1:
            return True
    return False


def _is_enclosed(tests: str) -> bool:
    """Whether what follows an opening bracket is closed by the one at its end, and by none before."""
    depth = 1
    for part in _QUOTED_OR_BRACKET.finditer(tests):
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if depth == 0:
            return part.end() == len(tests)
    return False
