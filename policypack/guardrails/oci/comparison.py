"""Whether a test of a condition holds for a value, and values that tests hold for.

Semantics: Oracle Cloud Infrastructure documentation, "Conditions". Texts are compared without regard to letter case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from ..glob import STAR, Glob
from ..values import has_stand_in, may_be_anything
from .tree import Combination, Condition, OpaqueTail, Operator, Quantifier, Test, Value, ValueKind

# What a request may hold beside a text: something that no test names, or nothing. No text that people write holds the
# characters; a thing that nobody has named is matched by no pattern but one for everything.
UNNAMED: Final = "\udfff"
ABSENT: Final = "\udffe"
# For the asterisks of a pattern, in witnesses.
_FILLERS: Final = ("", "x", "other", "q7", UNNAMED)

POSITIVE: Final = frozenset({Operator.EQUAL, Operator.IN, Operator.INTERSECTS})
NEGATIVE: Final = frozenset({Operator.UNEQUAL, Operator.NOT_IN})


def is_plain(value: Value) -> bool:
    """Whether a value is a literal without any part that is not known."""
    return value.kind is ValueKind.LITERAL and not has_stand_in(value.text)


def candidates(tests: Iterable[Test], *, literals: bool) -> Iterator[str]:
    """Values of which one meets all tests, if any value that a test names does: these themselves (`literals`), and
    something of each pattern and of all the patterns together."""
    named = [value for test in tests if test.operator in POSITIVE for value in test.values]
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


def all_hold(tests: Iterable[Test], text: str) -> bool | Test:
    """Whether tests hold for a value together; the test on which that hangs, where one is not known to."""
    doubted = None
    for test in tests:
        held = holds(test, text)
        if held is False:
            return False
        doubted = doubted or (test if held is None else None)
    return doubted or True


def holds(test: Test, text: str) -> bool | None:
    """Whether a test holds for a value; None where a part of the test is not known."""
    if text == ABSENT:
        return test.operator is Operator.ABSENT
    match test.operator:
        case Operator.EQUAL | Operator.IN | Operator.INTERSECTS:
            answers = [_equal(value, text) for value in test.values]
            return True if True in answers else None if None in answers else False
        case Operator.UNEQUAL | Operator.NOT_IN:
            answers = [_equal(value, text) for value in test.values]
            # A thing that nobody has named is left out by none of the values that may turn out to be meant.
            return False if True in answers else None if None in answers and text != UNNAMED else True
        case _:
            return test.operator is not Operator.ABSENT


def _equal(value: Value, text: str) -> bool | None:
    if value.kind is ValueKind.LITERAL:
        if value.text.casefold() == text.casefold():
            return True
        # What the stack computes or is given is some other thing than the one that is asked about, unless it is named.
        hidden = text != UNNAMED and may_be_anything(value.text)
        # In quotes an asterisk is one, says the page on conditions; those of some services print it as a wildcard, and
        # of a lone one nobody can tell what its writer wants.
        wild = value.text == "*"
        return None if hidden or wild else False
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
        return is_itself(condition) or (
            condition.operator in POSITIVE
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


def is_itself(test: Test) -> bool:
    return test.operator in POSITIVE and any(
        value.kind is ValueKind.VARIABLE and value.text.lower() == test.variable.lower() for value in test.values
    )


def _left_out_by_none(members: Iterable[Condition]) -> bool:
    """Whether several tests of one variable, of which any will do, leave out no value: what one leaves out is
    admitted by another."""
    tests = [member for member in members if isinstance(member, Test) and all(map(is_plain, member.values))]
    return any(
        all(
            any(
                holds(other, value.text) and other.variable.lower() == negative.variable.lower()
                for other in tests
                if other is not negative and other.operator in POSITIVE | NEGATIVE
            )
            for value in negative.values
        )
        for negative in tests
        if negative.operator in NEGATIVE
    )
