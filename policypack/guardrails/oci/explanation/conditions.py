"""A condition in words: each test, and what of it keeps nobody and nothing out.

What narrows is what `conditions` keeps out: a newcomer whom nobody named, who asks for a thing that nobody named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final

from ...values import may_be_anything
from ..comparison import NEGATIVE, holds_always
from ..conditions import (
    OPERATION,
    PERMISSION,
    Answer,
    Asked,
    Met,
    Part,
    Unclear,
    Unmet,
    find,
    tests_of,
    ways,
)
from ..tree import Condition, Opaque, Operator, Quantifier, Test, ValueKind
from ..variables import Says, nearest_variable, says
from .words import words

_PRESENCE_TESTS: Final = frozenset({Operator.PRESENT, Operator.ABSENT})
_COMPARISONS: Final = frozenset({Operator.BEFORE, Operator.AFTER, Operator.BETWEEN})
_STRANGER: Final = Asked(who=Part.NEWCOMER)
_SPARES: Final = "spares what it names and nothing else, so it does not narrow"
_TAKES_AWAY: Final = "takes away what it names and leaves the rest"
_EVERY_VALUE: Final = "every value matches, so it asks for nothing"
_EVERY_REQUEST: Final = "it holds for every request"
_CIRCUMSTANCES: Final = "about from where, when or how somebody comes, not about who may do what"
_PRESENCE: Final = "asks only whether there is a value"
_KIND: Final = "a kind of caller, which anyone can have in a place of their own"
_NAMES_TO_COME: Final = "matches names that are given later, too"
_NOT_COMPARED: Final = "such values are not compared here, so it counts for nothing"
_NOT_KNOWN: Final = "a part of it is not known"
_ASTERISK: Final = "between quotes an asterisk is only an asterisk; a pattern stands between slashes"
_LONE_ASTERISK: Final = "whether a lone asterisk between quotes stands for everything is not certain"
_UNKNOWN_VARIABLE: Final = "a variable that is not known here"
_BRANCHES: Final = "it has too many branches to be looked through"
_NOT_EACH: Final = "any one of them is enough, and not each of them narrows"


@dataclass(frozen=True, slots=True)
class Clause:
    """A test in words, or where `holds` is `all` or `any`, several clauses of which that many have to hold.

    `text` is canonical, `note` says why it does not narrow; `narrows` is False where it cannot be told, too.
    """

    text: str
    words: str
    narrows: bool
    note: str = ""
    holds: str = ""
    members: tuple[Clause, ...] = ()

    @classmethod
    def opaque(cls, text: str) -> Clause:
        """What is not known and may hold a condition."""
        return cls(text, f"something that is not known: `{text}`", narrows=False)


@lru_cache(maxsize=256)
def to_a_stranger(condition: Condition) -> Answer:
    """What a condition says to somebody whom nobody named, for a thing that nobody named: where unmet, it narrows."""
    return find(condition, _STRANGER)


def clause(condition: Condition, *, denies: bool = False) -> Clause:
    """The condition of a statement. What does not narrow one that denies makes it the stricter, so nothing is noted."""
    return _clause(condition, to_a_stranger, notes=not denies)


def clause_of_rule(rule: Condition) -> Clause:
    """A matching rule. It narrows where it names what it takes in, or a tag that this has to bear."""
    tests = tests_of(rule)
    held = {test.variable.lower(): Part.UNNAMED for test in tests}
    held |= {test.variable.lower(): Part.ABSENT for test in tests if test.operator is Operator.PRESENT}
    return _clause(rule, partial(find, asked=Asked(held=held)), notes=True)


def _clause(condition: Condition, ask: Callable[[Condition], Answer], *, notes: bool) -> Clause:
    text = str(condition)
    if isinstance(condition, Opaque):
        return Clause.opaque(text)
    answer = ask(condition)
    tight = isinstance(answer, Unmet)
    if isinstance(condition, Test):
        return Clause(text, words(condition), tight, _note(condition, answer) if notes else "")
    members = tuple(_clause(member, ask, notes=notes) for member in condition.members)
    every = condition.quantifier is Quantifier.ALL
    if every and tight:
        # What kind of caller it is goes with who it is.
        members = tuple(replace(member, note="") if member.note == _KIND else member for member in members)
    note = ""
    if notes and ways(condition) is None:
        note = _BRANCHES
    elif notes and not every:
        if holds_always(condition):
            note = _EVERY_REQUEST
        elif not tight and any(member.narrows for member in members):
            note = _NOT_EACH
    said = "all of these hold" if every else "any of these holds"
    return Clause(text, said, tight, note, condition.quantifier.value, members)


def _note(test: Test, answer: Answer) -> str:
    """What there is to say against a test, by whether a request that nobody meant meets it."""
    if holds_always(test):
        return _EVERY_VALUE
    quoted = any(value.kind is ValueKind.LITERAL and "*" in value.text for value in test.values)
    match answer:
        case Unmet():
            return _ASTERISK if quoted else ""
        case Unclear() if quoted:
            return _LONE_ASTERISK
        case Unclear():
            return _unclear(test)
        case Met():
            return _loose(test)


def _unclear(test: Test) -> str:
    if says(test.variable) is not None or may_be_anything(test.variable):
        return _NOT_KNOWN
    near = nearest_variable(test.variable)
    return f"{_UNKNOWN_VARIABLE}; is {near} meant?" if near else _UNKNOWN_VARIABLE


def _loose(test: Test) -> str:
    """Why a test is met by somebody, or for something, that it does not name."""
    variable = test.variable.lower()
    if test.operator in NEGATIVE:
        return _TAKES_AWAY if variable in {PERMISSION, OPERATION} else _SPARES
    if test.operator in _PRESENCE_TESTS:
        return _PRESENCE
    match says(variable):
        case Says.CIRCUMSTANCES:
            return _CIRCUMSTANCES
        case Says.KIND:
            return _KIND
        case _:
            return _NOT_COMPARED if test.operator in _COMPARISONS else _NAMES_TO_COME
