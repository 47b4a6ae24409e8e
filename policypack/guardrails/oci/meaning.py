"""Questions about the meaning of one statement, each answered with yes, no or undecided.

An answer is `Yes` or `No` only if it holds whatever the parts that are not known turn out to be.

Conditions are judged as a reviewer would. A test narrows if it pins what it is about: `=` or `in` with values of which
none is a pattern for everything. `!=`, `not in` and tests of presence never narrow. Of `all`, one narrowing member is
enough; `any` is as weak as its weakest member. The words of the language are compared without regard to letter case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from ..values import ANYTHING, may_be_anything
from .resource_types import ALL_RESOURCES
from .tree import (
    Combination,
    Condition,
    Definition,
    Grant,
    Opaque,
    OpaqueTail,
    Operator,
    Permissions,
    Place,
    PlaceKind,
    Quantifier,
    Statement,
    Subject,
    SubjectKind,
    Test,
    Value,
    ValueKind,
    Verb,
)
from .variables import Says, says


@dataclass(frozen=True, slots=True)
class Yes:
    """It holds. `witness` is the part of the statement that shows it, in canonical text; it stands at `column`."""

    witness: str
    column: int


@dataclass(frozen=True, slots=True)
class GrantsAll(Yes):
    """All resources are granted. `verb` is how far; where it is not known, the least there is: `inspect`."""

    verb: Verb


@dataclass(frozen=True, slots=True)
class Open(Yes):
    """Anyone qualifies; with `kind_only` anyone who has a principal of some kind, such as any API gateway."""

    kind_only: bool


@dataclass(frozen=True, slots=True)
class No:
    """It does not hold."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """It hangs on a part that is not known; `reason` names the part."""

    reason: str


class _Narrows(IntEnum):
    """How far a condition narrows what it is asked about."""

    NOTHING = 0
    TO_A_KIND = 1
    TIGHTLY = 2


@dataclass(frozen=True, slots=True)
class _Range:
    """The least and the most that a condition may narrow, whatever its unknown parts turn out to be."""

    least: _Narrows
    most: _Narrows


_NOTHING: Final = _Range(_Narrows.NOTHING, _Narrows.NOTHING)
_TIGHTLY: Final = _Range(_Narrows.TIGHTLY, _Narrows.TIGHTLY)
_UNKNOWN: Final = _Range(_Narrows.NOTHING, _Narrows.TIGHTLY)

_Judge: TypeAlias = Callable[[Test], _Range]


def grants_all_resources_in_tenancy(statement: Statement) -> GrantsAll | No | Undecided:
    """Whether the statement grants `all-resources` in the policy's own tenancy, to whomever and with whichever verb.

    The root compartment, named by the OCID of the tenancy, counts as the tenancy; a compartment named by path does
    not. Conditions count if they narrow what is done or to what; on whom, from where and when they do not.
    """
    if isinstance(statement, Definition) or statement.denies or isinstance(statement.action, Permissions):
        return No()
    unknown = []
    where = _is_own_tenancy(statement.place)
    if where is None:
        unknown.append(f"its location (`{statement.place}`)")
    if isinstance(statement.action, Opaque):
        unknown.append(f"what it grants (`{statement.action}`)")
        type_is_all, verb, column = None, Verb.INSPECT, statement.action.column
    else:
        type_is_all = _is_all_resources(statement.action.resource_type)
        verb = statement.action.verb if isinstance(statement.action.verb, Verb) else Verb.INSPECT
        column = statement.action.column
        if type_is_all is None:
            unknown.append(f"its resource type (`{statement.action.resource_type}`)")
    narrowed = _narrowing(statement.condition, _what)
    if where is False or type_is_all is False or narrowed.least is _Narrows.TIGHTLY:
        return No()
    if narrowed.most is _Narrows.TIGHTLY:
        unknown.append(f"its condition (`{statement.condition}`)")
    if unknown:
        return _undecided("grants all resources in the tenancy", unknown)
    return GrantsAll(f"{statement.action} in {statement.place}", column, verb)


def open_to_anyone(statement: Statement) -> Open | No | Undecided:
    """Whether the statement grants to any-user or any-group with no condition that narrows who qualifies.

    Endorse and admit count too. A condition on the target alone leaves the statement open. One that tests only the
    kind of principal (or its identity domain, or names that anybody can give in a place of his own) leaves it open to
    anyone with such a principal.
    """
    if isinstance(statement, Definition) or statement.denies:
        return No()
    subject = statement.subject
    if isinstance(subject, Subject) and subject.kind not in {SubjectKind.ANY_USER, SubjectKind.ANY_GROUP}:
        return No()
    narrowed = _narrowing(statement.condition, _who)
    if statement.condition is None and isinstance(statement.place, Opaque):
        # What takes the place of a whole location may bring a condition with it.
        narrowed = _UNKNOWN
    if narrowed.least is _Narrows.TIGHTLY:
        return No()
    unknown = []
    if isinstance(subject, Opaque):
        unknown.append(f"its subject (`{subject}`)")
    if narrowed.most is _Narrows.TIGHTLY:
        unknown.append(f"its condition (`{statement.condition or statement.place}`)")
    if unknown:
        return _undecided("is open to anyone", unknown)
    origin = " of any-tenancy" if isinstance(statement, Grant) and statement.origin is PlaceKind.ANY_TENANCY else ""
    condition = f" where {statement.condition}" if statement.condition is not None else ""
    return Open(f"{subject}{origin}{condition}", subject.column, narrowed.most is _Narrows.TO_A_KIND)


def _undecided(question: str, unknown: list[str]) -> Undecided:
    return Undecided(f"whether it {question} hangs on {' and '.join(unknown)}, which cannot be judged")


def _is_own_tenancy(place: Place | Opaque) -> bool | None:
    if isinstance(place, Opaque):
        return None
    if place.tenancy is not None or place.kind is PlaceKind.ANY_TENANCY:
        return False
    if place.kind is PlaceKind.TENANCY:
        return True
    if place.ocid is None:
        # A stand-in that opens the path may also hold `id` and the OCID of the tenancy.
        return None if place.path[0].domain is None and _opens_with_anything(place.path[0].text) else False
    kind = place.ocid.text.lower().split(".")[1:2]
    if not kind or may_be_anything(kind[0]):
        return None
    return kind == ["tenancy"]


def _opens_with_anything(text: str) -> bool:
    return ANYTHING.match(text) is not None


def _is_all_resources(resource_type: str) -> bool | None:
    if may_be_anything(resource_type):
        return None
    return resource_type.lower() == ALL_RESOURCES


def _narrowing(condition: Condition | OpaqueTail | None, judge: _Judge) -> _Range:
    match condition:
        case None:
            return _NOTHING
        case Opaque() | OpaqueTail():
            return _UNKNOWN
        case Test():
            return judge(condition)
        case Combination():
            members = [_narrowing(member, judge) for member in condition.members]
            pick = max if condition.quantifier is Quantifier.ALL else min
            return _Range(pick(member.least for member in members), pick(member.most for member in members))


def _who(test: Test) -> _Range:
    match says(test.variable):
        case Says.WHO:
            # A pattern is open to each new name that its owner thinks up, and says nothing about an identifier.
            return _pinned(test, patterns_pin=False)
        case Says.KIND:
            pinned = _pinned(test, patterns_pin=True)
            return _Range(min(pinned.least, _Narrows.TO_A_KIND), min(pinned.most, _Narrows.TO_A_KIND))
        case Says.WHAT | Says.CIRCUMSTANCES:
            return _NOTHING
        case None:
            return _Range(_Narrows.NOTHING, _pinned(test, patterns_pin=True).most)


def _what(test: Test) -> _Range:
    match says(test.variable):
        case Says.WHAT:
            return _pinned(test, patterns_pin=True)
        case None:
            return _Range(_Narrows.NOTHING, _pinned(test, patterns_pin=True).most)
        case _:
            return _NOTHING


def _pinned(test: Test, *, patterns_pin: bool) -> _Range:
    """How far the values of a test pin its variable; `patterns_pin` says whether a pattern such as `/app-*/` does."""
    if test.operator not in {Operator.EQUAL, Operator.IN}:
        return _NOTHING
    values = [_value_narrows(value, patterns_pin=patterns_pin) for value in test.values]
    return _Range(min(value.least for value in values), min(value.most for value in values))


def _value_narrows(value: Value, *, patterns_pin: bool) -> _Range:
    if value.kind is ValueKind.LITERAL:
        return _TIGHTLY
    if value.kind is ValueKind.PATTERN and "*" in value.text and not patterns_pin:
        return _NOTHING
    if value.kind is ValueKind.OPAQUE or may_be_anything(value.text):
        return _UNKNOWN
    everything = "*" in value.text and not value.text.strip("* ")
    return _NOTHING if everything else _TIGHTLY
