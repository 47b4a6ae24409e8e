"""Which requests meet a condition.

A condition is asked for one request: with some variables fixed, some that the asker chooses, and some that are of a
thing which nobody has named. That last one decides what a condition is worth: `target.bucket.name = 'logs'` keeps
others out of a bucket that nobody named, `!= 'logs'` and the pattern `/*/` do not, and a choice of several conditions
keeps out as little as the weakest of them. Texts are compared without regard to letter case.

Semantics: Oracle Cloud Infrastructure documentation, "Conditions" and "General Variables for All Requests". A variable
that does not apply to a request makes the test false; which ones apply is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from ..glob import STAR, Glob
from ..values import has_stand_in, may_be_anything
from .permissions import is_operation, operations
from .tree import Combination, Condition, Opaque, OpaqueTail, Operator, Quantifier, Test, Value, ValueKind, brief
from .variables import Says, says

PERMISSION: Final = "request.permission"
OPERATION: Final = "request.operation"
# Variables that hold more than one value.
_OF_SEVERAL: Final = ("request.groups.", "request.principal.group.tag.", "request.networksource.")
# Tests in all ways to meet a condition together: far beyond any met in practice. Past it nothing is said to be safe.
_MOST_TESTS: Final = 2_048
_MOST_CANDIDATES: Final = 200
# What a request may hold beside a text: something that no test names, or nothing. No text that people write holds the
# characters; a thing that nobody has named is matched by no pattern but one for everything.
_UNNAMED: Final = "\udfff"
_ABSENT: Final = "\udffe"
# For the asterisks of a pattern, in witnesses.
_FILLERS: Final = ("", "x", "other", "q7", _UNNAMED)

_POSITIVE: Final = frozenset({Operator.EQUAL, Operator.IN})
_NEGATIVE: Final = frozenset({Operator.UNEQUAL, Operator.NOT_IN})


class Part(Enum):
    """What a request holds for a variable, where it is no text."""

    CHOSEN = "chosen"  # whatever the condition asks for
    UNNAMED = "unnamed"  # something that exists, and that no statement names
    NEWCOMER = "newcomer"  # something new, whose maker names it as a pattern wants it
    ABSENT = "absent"  # nothing, as the variable does not apply
    UNTOLD = "untold"  # one thing whose text nobody can tell: other than what is named, unless that is left out
    ANY_OF = "any of"  # one of several things whose texts nobody can tell: what is left out are others


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is looked for: a text or a part for some variables, named in lower case, and for all others by
    what they are about. Where `permission` is None, it may be any; `operations`, in lower case, are those of the API
    that count among the ones that need it, where not all do."""

    permission: str | None = None
    operations: frozenset[str] = frozenset()
    who: Part = Part.CHOSEN
    what: Part = Part.UNNAMED
    kind: Part = Part.CHOSEN
    held: Mapping[str, str | Part] = field(default_factory=dict)

    def of(self, variable: str) -> str | Part | None:
        """What the request holds for a variable in lower case; None where nobody can tell."""
        held = self.held.get(variable)
        if held is not None:
            return held
        if variable == PERMISSION:
            return self.permission if self.permission is not None else self.what
        match says(variable):
            case Says.WHO:
                return self.who
            case Says.KIND:
                return self.kind
            case Says.WHAT:
                return self.what
            case Says.CIRCUMSTANCES:
                return Part.CHOSEN
            case None:
                return None


@dataclass(frozen=True, slots=True)
class Met:
    """The condition holds for such a request; `context` has a value for each variable it tests."""

    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unmet:
    """It holds for no such request."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It hangs on a part of the condition that is not known: `part`."""

    part: str


Answer: TypeAlias = Met | Unmet | Unclear
Way: TypeAlias = tuple[Test | Opaque, ...]
_NOTHING_ASKED: Final = Met({})


def find(condition: Condition | OpaqueTail | None, asked: Asked) -> Answer:
    """Look for a request, as it is asked for, that meets the condition."""
    if condition is None:
        return _NOTHING_ASKED
    if isinstance(condition, OpaqueTail):
        return Unclear(brief(condition))
    several = ways(condition)
    if several is None:
        return Unclear(brief(condition))
    unclear: Unclear | None = None
    for way in several:
        answer = meets(way, asked)
        if isinstance(answer, Met):
            return answer
        if isinstance(answer, Unclear) and unclear is None:
            unclear = answer
    return unclear or Unmet()


@lru_cache(maxsize=1024)
def ways(condition: Condition, most_tests: int = _MOST_TESTS) -> Sequence[Way] | None:
    """The ways to meet a condition: for each, what has to hold together. None where they hold too many tests."""
    if not isinstance(condition, Combination):
        return ((condition,),)
    inner = []
    for member in condition.members:
        found = ways(member, most_tests)
        if found is None:
            return None
        inner.append(found)
    if condition.quantifier is Quantifier.ANY:
        every = tuple(way for several in inner for way in several)
        return every if sum(map(len, every)) <= most_tests else None
    # What has to hold in every way is put together first, as it multiplies nothing.
    both: list[Way] = [tuple(test for several in inner if len(several) == 1 for test in several[0])]
    for several in inner:
        if len(several) > 1:
            if len(both) * sum(map(len, several)) + len(several) * sum(map(len, both)) > most_tests:
                return None
            both = [(*left, *right) for left in both for right in several]
    return tuple(both)


def tests_of(condition: Condition | OpaqueTail | None) -> list[Test]:
    """Every test that a condition holds, at whatever depth."""
    if isinstance(condition, Combination):
        return [test for member in condition.members for test in tests_of(member)]
    return [condition] if isinstance(condition, Test) else []


def meets(way: Way, asked: Asked) -> Answer:
    """Look for a request, as it is asked for, that meets all tests of one way."""
    tests: dict[tuple[str, int], list[Test]] = {}
    unclear = None
    for part in way:
        if isinstance(part, Opaque):
            unclear = unclear or Unclear(brief(part))
        elif any(value.kind is ValueKind.VARIABLE for value in part.values):
            same = _same(part, asked)
            if same is False:
                return Unmet()
            unclear = unclear or (Unclear(brief(part)) if same is None else None)
        else:
            variable = part.variable.lower()
            # A caller is in several groups at once, and each test may be met by another one.
            place = len(tests) if variable.startswith(_OF_SEVERAL) else 0
            tests.setdefault((variable, place), []).append(part)
    context = {}
    for (variable, _), several in tests.items():
        answer = _value(variable, several, asked)
        if isinstance(answer, Unmet):
            return answer
        if isinstance(answer, Unclear):
            unclear = unclear or answer
        elif answer:
            context[several[0].variable] = answer
    return unclear or Met(context)


def _same(test: Test, asked: Asked) -> bool | None:
    """Whether a test of a variable against others may hold: what is the caller's own is nobody else's."""
    if test.operator not in _POSITIVE or _is_itself(test):
        return True
    held = [asked.of(name.lower()) for name in (test.variable, *(value.text for value in test.values))]
    if any(part is not None and part is not Part.CHOSEN for part in held):
        return False
    return None if None in held else True


def _value(variable: str, tests: Sequence[Test], asked: Asked) -> str | Unmet | Unclear:
    """A value of a variable that meets several tests of it, as far as the request leaves room for one."""
    held = asked.of(variable)
    if variable == OPERATION and asked.permission is not None and held is asked.what:
        return _operation(tests, asked.permission, asked.operations)
    if held is Part.UNTOLD or held is Part.ANY_OF:
        return _untold(tests, several=held is Part.ANY_OF)
    if held is None:
        # A test of a variable nobody knows may say anything, but one for inequality leaves nearly everything open.
        strict = [test for test in tests if test.operator not in _NEGATIVE]
        return Unclear(brief(strict[0])) if strict else ""
    if isinstance(held, str) or held is Part.ABSENT:
        candidates: tuple[str, ...] = (_ABSENT if held is Part.ABSENT else held,)
    else:
        chosen = [] if held is Part.UNNAMED else _candidates(tests, literals=held is Part.CHOSEN)
        candidates = (*islice(chosen, _MOST_CANDIDATES), _UNNAMED, _ABSENT)
    unclear = Unclear(brief(tests[0])) if len(candidates) > _MOST_CANDIDATES else None
    for text in candidates:
        answer = _all_hold(tests, text)
        if answer is True:
            return "" if text in {_UNNAMED, _ABSENT} else text.replace(_UNNAMED, "…")
        if isinstance(answer, Test):
            unclear = unclear or Unclear(brief(answer))
    return unclear or Unmet()


def _all_hold(tests: Iterable[Test], text: str) -> bool | Test:
    """Whether tests hold for a value together; the test on which that hangs, where one is not known to."""
    doubted = None
    for test in tests:
        holds = _holds(test, text)
        if holds is False:
            return False
        doubted = doubted or (test if holds is None else None)
    return doubted or True


def _untold(tests: Iterable[Test], *, several: bool) -> str | Unmet | Unclear:
    """Whether tests hold for a text that nobody can tell, or for one of `several`: a literal is another one, and so is
    what starts with a text, unless identifiers do; how all names end may be right."""
    unclear: Unclear | None = None
    for test in tests:
        ends = any(
            value.kind is ValueKind.PATTERN and value.text.lower().startswith(("*", "ocid1.")) for value in test.values
        )
        if test.operator in _POSITIVE and not holds_always(test):
            if not ends:
                return Unmet()
            unclear = unclear or Unclear(brief(test))
        elif test.operator in _NEGATIVE and (ends or not several):
            unclear = unclear or Unclear(brief(test))
    return unclear or ""


def _operation(tests: Sequence[Test], permission: str, counting: frozenset[str]) -> str | Unmet | Unclear:
    """An operation that needs a permission, that counts and that the tests admit."""
    known = operations(permission)
    for name in sorted(known & counting if counting else known):
        if all(_holds(test, name) for test in tests):
            return name
    # Others than those listed may need the permission too.
    named = [value.text for test in tests if test.operator in _POSITIVE for value in test.values]
    certain = known & counting or (named and all(map(is_operation, named)))
    if certain and all(is_plain(value) for test in tests for value in test.values):
        return Unmet()
    return Unclear(brief(tests[0]))


def is_plain(value: Value) -> bool:
    """Whether a value is a literal without any part that is not known."""
    return value.kind is ValueKind.LITERAL and not has_stand_in(value.text)


def _candidates(tests: Iterable[Test], *, literals: bool) -> Iterator[str]:
    """Values of which one meets all tests, if any value that a test names does: these themselves (`literals`), and
    something of each pattern and of all the patterns together."""
    named = [value for test in tests if test.operator in _POSITIVE for value in test.values]
    patterns = [value.text for value in named if value.kind is ValueKind.PATTERN]
    if literals:
        yield from (value.text for value in named if value.kind is not ValueKind.PATTERN)
        yield from (pattern for pattern in patterns if "*" not in pattern)
    open_ended = [pattern for pattern in patterns if "*" in pattern]
    if len(open_ended) > 1:
        parts = [pattern.split("*") for pattern in open_ended]
        between = "*".join("*".join(part[1:-1]) for part in parts)
        both = f"{max((part[0] for part in parts), key=len)}*{between}*{max((part[-1] for part in parts), key=len)}"
        open_ended.append(both)
    yield from (pattern.replace("*", filler) for filler in _FILLERS for pattern in open_ended)


def _holds(test: Test, text: str) -> bool | None:
    """Whether a test holds for a value; None where a part of the test is not known."""
    if text == _ABSENT:
        return test.operator is Operator.ABSENT
    match test.operator:
        case Operator.EQUAL | Operator.IN:
            answers = [_equal(value, text) for value in test.values]
            return True if True in answers else None if None in answers else False
        case Operator.UNEQUAL | Operator.NOT_IN:
            answers = [_equal(value, text) for value in test.values]
            # A thing that nobody has named is left out by none of the values that may turn out to be meant.
            return False if True in answers else None if None in answers and text != _UNNAMED else True
        case _:
            return test.operator is not Operator.ABSENT


def _equal(value: Value, text: str) -> bool | None:
    if value.kind is ValueKind.LITERAL:
        # What the stack computes or is given is some other thing than the one that is asked about, unless it is named.
        return value.text.casefold() == text.casefold() or (
            None if text != _UNNAMED and may_be_anything(value.text) else False
        )
    if value.kind is ValueKind.OPAQUE:
        return True if value.text == text else None
    return matches(value.text, text) or (None if may_be_anything(value.text) or may_be_anything(text) else False)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern of a condition, without its slashes, matches a text."""
    return _compiled(pattern).matches(text)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Glob:
    return Glob((STAR if character == "*" else character for character in pattern), fold=True)


def holds_always(condition: Condition | OpaqueTail | None) -> bool:
    """Whether a condition holds for every request that has what it tests; a true answer is certain."""
    if isinstance(condition, Test):
        return _is_itself(condition) or (
            condition.operator in _POSITIVE
            and any(
                value.kind is ValueKind.PATTERN and value.text != "" and not value.text.strip("*")
                for value in condition.values
            )
        )
    if not isinstance(condition, Combination):
        return False
    members = [holds_always(member) for member in condition.members]
    if condition.quantifier is Quantifier.ALL:
        return all(members)
    return any(members) or _left_out_by_none(condition.members)


def _is_itself(test: Test) -> bool:
    return test.operator in _POSITIVE and any(
        value.kind is ValueKind.VARIABLE and value.text.lower() == test.variable.lower() for value in test.values
    )


def _left_out_by_none(members: Iterable[Condition]) -> bool:
    """Whether several tests of one variable, of which any will do, leave out no value: what one leaves out is
    admitted by another."""
    tests = [member for member in members if isinstance(member, Test) and all(map(is_plain, member.values))]
    return any(
        all(
            any(
                _holds(other, value.text) and other.variable.lower() == negative.variable.lower()
                for other in tests
                if other is not negative and other.operator in _POSITIVE | _NEGATIVE
            )
            for value in negative.values
        )
        for negative in tests
        if negative.operator in _NEGATIVE
    )


def implies(narrower: Condition | OpaqueTail | None, wider: Condition | OpaqueTail | None) -> bool:
    """Whether every request that meets one condition meets the other; a true answer is certain."""
    if wider is None or narrower == wider:
        return True
    if narrower is None or isinstance(narrower, OpaqueTail) or isinstance(wider, OpaqueTail):
        return False
    of_narrower, of_wider = ways(narrower), ways(wider)
    if of_narrower is None or of_wider is None or len(of_narrower) * len(of_wider) > _MOST_TESTS:
        return False
    return all(any(_way_implies(way, other) for other in of_wider) for way in of_narrower)


def _way_implies(way: Way, other: Way) -> bool:
    return all(any(part == test or _test_implies(part, test) for part in way) for test in other)


def _test_implies(part: Test | Opaque, test: Test | Opaque) -> bool:
    """Whether a test that names the values it admits admits none but those of another test of that variable."""
    if isinstance(part, Opaque) or isinstance(test, Opaque) or part.variable.lower() != test.variable.lower():
        return False
    if part.operator not in _POSITIVE or test.operator not in _POSITIVE | _NEGATIVE | {Operator.PRESENT}:
        return False
    return all(is_plain(value) and _holds(test, value.text) is True for value in part.values)
