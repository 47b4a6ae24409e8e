"""Which requests meet a condition.

A condition is asked for one request: with some variables fixed, some that the asker chooses, and some that are of a
thing which nobody has named. That last one decides what a condition is worth: `target.bucket.name = 'logs'` keeps
others out of a bucket that nobody named, `!= 'logs'` and the pattern `/*/` do not, and a choice of several conditions
keeps out as little as the weakest of them. Texts are compared without regard to letter case.

Semantics: Oracle Cloud Infrastructure documentation, "Conditions" and "General Variables for All Requests". A variable
that does not apply to a request makes the test false; which ones apply is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from .comparison import (
    ABSENT,
    NEGATIVE,
    POSITIVE,
    UNNAMED,
    all_hold,
    candidates,
    holds,
    holds_always,
    is_itself,
    is_plain,
)
from .permissions import is_operation, operations
from .tree import Combination, Condition, Opaque, OpaqueTail, Operator, Quantifier, Test, ValueKind, brief
from .variables import Says, says

PERMISSION: Final = "request.permission"
OPERATION: Final = "request.operation"
# Variables that hold more than one value.
_OF_SEVERAL: Final = ("request.groups.", "request.principal.group.tag.", "request.networksource.")
# Tests in all ways to meet a condition together: far beyond any met in practice. Past it nothing is said to be safe.
_MOST_TESTS: Final = 2_048
_MOST_CANDIDATES: Final = 200


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
            several_values = variable.startswith(_OF_SEVERAL) or part.operator is Operator.INTERSECTS
            place = len(tests) if several_values else 0
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
    if test.operator not in POSITIVE or is_itself(test):
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
        strict = [test for test in tests if test.operator not in NEGATIVE]
        return Unclear(brief(strict[0])) if strict else ""
    if isinstance(held, str) or held is Part.ABSENT:
        offered: tuple[str, ...] = (ABSENT if held is Part.ABSENT else held,)
    else:
        chosen = [] if held is Part.UNNAMED else candidates(tests, literals=held is Part.CHOSEN)
        offered = (*islice(chosen, _MOST_CANDIDATES), UNNAMED, ABSENT)
    unclear = Unclear(brief(tests[0])) if len(offered) > _MOST_CANDIDATES else None
    for text in offered:
        answer = all_hold(tests, text)
        if answer is True:
            return "" if text in {UNNAMED, ABSENT} else text.replace(UNNAMED, "…")
        if isinstance(answer, Test):
            unclear = unclear or Unclear(brief(answer))
    return unclear or Unmet()


def _untold(tests: Iterable[Test], *, several: bool) -> str | Unmet | Unclear:
    """Whether tests hold for a text that nobody can tell, or for one of `several`: a literal is another one, and so is
    what starts with a text, unless identifiers do; how all names end may be right."""
    unclear: Unclear | None = None
    for test in tests:
        ends = any(
            value.kind is ValueKind.PATTERN and value.text.lower().startswith(("*", "ocid1.")) for value in test.values
        )
        if test.operator in POSITIVE and not holds_always(test):
            if not ends:
                return Unmet()
            unclear = unclear or Unclear(brief(test))
        elif test.operator in NEGATIVE and (ends or not several):
            unclear = unclear or Unclear(brief(test))
    return unclear or ""


def _operation(tests: Sequence[Test], permission: str, counting: frozenset[str]) -> str | Unmet | Unclear:
    """An operation that needs a permission, that counts and that the tests admit."""
    known = operations(permission)
    for name in sorted(known & counting if counting else known):
        if all(holds(test, name) for test in tests):
            return name
    # Others than those listed may need the permission too.
    named = [value.text for test in tests if test.operator in POSITIVE for value in test.values]
    certain = known & counting or (named and all(map(is_operation, named)))
    if certain and all(is_plain(value) for test in tests for value in test.values):
        return Unmet()
    return Unclear(brief(tests[0]))
