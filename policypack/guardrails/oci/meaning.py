"""Questions about the meaning of one statement, each answered with yes, no or undecided.

An answer is a yes or `No` only if it holds whatever the parts that are not known turn out to be. A yes is shown by a
request: a permission, and values for the variables that the condition tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from ..values import ANYTHING, may_be_anything
from .alike import alike
from .conditions import OPERATION, PERMISSION, Answer, Asked, Met, Part, Unclear, Unmet, find, tests_of
from .permissions import ALL_RESOURCES, denied, granted, is_listed, is_operation, permissions
from .tree import (
    Condition,
    Definition,
    Grant,
    Kind,
    Opaque,
    OpaqueTail,
    Permissions,
    Place,
    PlaceKind,
    Statement,
    Subject,
    SubjectKind,
    Test,
    ValueKind,
    Verb,
    brief,
)
from .variables import nearest_variable

# Source: Oracle's "Deny Policies Known Issues".
_NOT_IN_DENY: Final = "target.dynamicgroup."
_COMPARTMENT: Final = re.compile(r"target\.(?:resource\.)?compartment\.(?:id|name|tag\..+)", re.IGNORECASE)
# Beyond this, permissions that a condition may tell apart are not asked for one by one.
_MOST_ASKED: Final = 64
# The root compartment of a tenancy whose identifier nobody has said.
_ROOT: Final = "ocid1.tenancy.oc1..\udfff"
ANYONE: Final = frozenset({SubjectKind.ANY_USER, SubjectKind.ANY_GROUP})


class Scope(Enum):
    """Where a statement grants: in the whole tenancy, in a compartment with all below it, or in other tenancies."""

    TENANCY = "tenancy"
    COMPARTMENT = "compartment"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Power:
    """What somebody may do with any of some permissions, the worst first. `to` says what it is done to: texts or parts
    for variables named in lower case; whatever is not named there is a thing that no statement names. `by` are the
    operations of the API, in lower case, that do it, where not all that need the permission do."""

    permissions: tuple[str, ...]
    to: Mapping[str, str | Part] = field(default_factory=dict)
    by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reached:
    """A statement grants a power: `permission` of it, under the values of `context`. `scope` is None where a part that
    is not known decides whether it is the tenancy or a compartment."""

    permission: str
    context: Mapping[str, str]
    scope: Scope | None


@dataclass(frozen=True, slots=True)
class GrantsAll:
    """All resources are granted, at `column`. `verb` is how far; where it is not known, the least there is: inspect.
    `scope` is None where a part that is not known decides whether it is the tenancy or a compartment."""

    verb: Verb
    scope: Scope | None
    column: int


@dataclass(frozen=True, slots=True)
class Open:
    """Anyone qualifies; with `kind_only` anyone who has a principal of some kind, such as any API gateway. `witness` is
    the part of the statement that shows it, in canonical text; it stands at `column`."""

    witness: str
    column: int
    kind_only: bool


@dataclass(frozen=True, slots=True)
class No:
    """It does not hold."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """It hangs on a part that is not known; `reason` names the part."""

    reason: str


def reaches(statement: Statement, power: Power) -> Reached | No | Undecided:
    """Whether a statement grants a power to anybody it is about, within this tenancy."""
    if isinstance(statement, Definition) or statement.denies or scope(statement) is Scope.ELSEWHERE:
        return No()
    held = granted(statement.action)
    unclear = None
    both = [each for each in power.permissions if each in held.permissions]
    if not both and not held.doubt:
        return No()
    asked_for, complete = _told_apart(statement.condition, both)
    for permission in asked_for:
        answer, where = _placed(statement, Asked(permission, power.by, held=power.to))
        if isinstance(answer, Met):
            return Reached(permission, answer.context, where)
        if isinstance(answer, Unclear):
            unclear = unclear or f"its condition (`{answer.part}`)"
    if not complete:
        unclear = unclear or f"its condition (`{brief(statement.condition)}`)"
    if held.doubt and not isinstance(
        _placed(statement, Asked(power.permissions[0], power.by, held=power.to))[0], Unmet
    ):
        unclear = unclear or held.doubt
    return _undecided([unclear]) if unclear else No()


def _told_apart(condition: Condition | OpaqueTail | None, permissions: Sequence[str]) -> tuple[Sequence[str], bool]:
    """One of each set of permissions that are alike to a condition; and whether these stand for all."""
    if condition is None or isinstance(condition, OpaqueTail) or len(permissions) <= 1:
        return permissions[:1], True
    sets = alike(condition, permissions)
    if sets is None:
        return permissions[:_MOST_ASKED], len(permissions) <= _MOST_ASKED
    return [each[0] for each in sets], True


def _placed(statement: Grant, asked: Asked) -> tuple[Answer, Scope | None]:
    """Whether the condition of a statement is met, and where. A test of the compartment is a place: who is let into one
    compartment by a condition is let into it as by a statement for that compartment."""
    where = scope(statement)
    answer = find(statement.condition, asked)
    if not isinstance(answer, Unmet):
        return answer, where
    tests = [test for test in tests_of(statement.condition) if _COMPARTMENT.fullmatch(test.variable)]
    named = (value for test in tests for value in test.values if value.kind is not ValueKind.PATTERN)
    roots = [value.text for value in named if _kind(value.text) == "tenancy"]
    places: list[str | Part] = [*roots, _ROOT, Part.CHOSEN] if tests else []
    for place in places:
        held = {**asked.held, **{test.variable.lower(): place for test in tests}}
        answer = find(statement.condition, replace(asked, held=held))
        if not isinstance(answer, Unmet):
            return answer, Scope.COMPARTMENT if place is Part.CHOSEN and where is not None else where
    return answer, where


def _kind(ocid: str) -> str:
    return next(iter(ocid.lower().split(".")[1:2]), "")


def scope(grant: Grant) -> Scope | None:
    """Where a statement grants; None if a part that is not known decides it.

    The root compartment, named by the OCID of the tenancy, is the tenancy.
    """
    place = grant.place
    if grant.kind is Kind.ENDORSE and grant.pairing is None:
        return Scope.ELSEWHERE
    if isinstance(place, Opaque):
        return None
    if place.tenancy is not None or place.kind is PlaceKind.ANY_TENANCY:
        return Scope.ELSEWHERE
    if place.kind is PlaceKind.TENANCY:
        return Scope.TENANCY
    return _compartment(place)


def _compartment(place: Place) -> Scope | None:
    if place.ocid is None:
        # A stand-in that opens the path may also hold `id` and the OCID of the tenancy.
        opened = place.path[0].domain is None and ANYTHING.match(place.path[0].text) is not None
        return None if opened else Scope.COMPARTMENT
    kind = _kind(place.ocid.text)
    if not kind or may_be_anything(kind):
        return None
    return Scope.TENANCY if kind == "tenancy" else Scope.COMPARTMENT


def grants_all_resources(statement: Statement) -> GrantsAll | No | Undecided:
    """Whether the statement grants `all-resources`, to whomever and with whichever verb, within this tenancy.

    Conditions count if they narrow what is done or to what; on whom, from where and when they do not.
    """
    if isinstance(statement, Definition) or statement.denies or isinstance(statement.action, Permissions):
        return No()
    unknown = []
    verb = Verb.INSPECT
    if isinstance(statement.action, Opaque):
        unknown.append(f"what it grants (`{brief(statement.action)}`)")
    else:
        if isinstance(statement.action.verb, Verb):
            verb = statement.action.verb
        if may_be_anything(statement.action.resource_type):
            unknown.append(f"its resource type (`{brief(statement.action.resource_type)}`)")
        elif statement.action.resource_type.lower() != ALL_RESOURCES:
            return No()
    answer, where = _placed(statement, Asked())
    if isinstance(answer, Unmet) or where is Scope.ELSEWHERE:
        return No()
    if isinstance(answer, Unclear):
        unknown.append(f"its condition (`{brief(statement.condition)}`)")
    if unknown and where is None:
        unknown.insert(0, f"its location (`{brief(statement.place)}`)")
    return _undecided(unknown) if unknown else GrantsAll(verb, where, statement.action.column)


def open_to_anyone(statement: Statement) -> Open | No | Undecided:
    """Whether the statement grants to any-user or any-group with no condition that narrows who qualifies.

    Endorse and admit count too. A condition on the target alone leaves the statement open. One that tests only the
    kind of principal (or its identity domain, or names that anybody can give in a place of his own) leaves it open to
    anyone with such a principal. A pattern is open to each new name that its owner thinks up.
    """
    if isinstance(statement, Definition) or statement.denies:
        return No()
    subject = statement.subject
    if isinstance(subject, Subject) and subject.kind not in ANYONE:
        return No()
    stranger = Asked(who=Part.NEWCOMER, what=Part.CHOSEN, kind=Part.UNNAMED)
    of_a_kind = replace(stranger, kind=Part.CHOSEN)
    anyone, any_of_kind = find(statement.condition, stranger), find(statement.condition, of_a_kind)
    if not isinstance(any_of_kind, Met | Unclear):
        return No()
    unknown = [] if isinstance(subject, Subject) else [f"its subject (`{brief(subject)}`)"]
    if isinstance(any_of_kind, Unclear):
        unknown.append(f"its condition (`{brief(statement.condition)}`)")
    elif statement.condition is None and isinstance(statement.place, Opaque):
        # What takes the place of a whole location may bring a condition with it.
        unknown.append(f"its condition (`{brief(statement.place)}`)")
    if unknown:
        return _undecided(unknown)
    origin = " of any-tenancy" if statement.origin is PlaceKind.ANY_TENANCY else ""
    condition = f" where {statement.condition}" if statement.condition is not None else ""
    return Open(brief(f"{subject}{origin}{condition}"), subject.column, not isinstance(anyone, Met))


def _undecided(unknown: list[str]) -> Undecided:
    return Undecided(f"it hangs on {' and '.join(unknown)}, which cannot be judged")


def _names_listed(test: Test) -> bool:
    """Whether a test of the permission or operation names only listed ones."""
    if test.variable.lower() == OPERATION:
        return all(is_operation(value.text) for value in test.values)
    return {value.text.upper() for value in test.values} <= permissions()


def never_holds(statement: Grant) -> str:
    """Why no request meets the condition of a statement; empty where one may."""
    condition = statement.condition
    if condition is None or isinstance(condition, OpaqueTail):
        return ""
    tests = tests_of(condition)
    anything = Asked(what=Part.CHOSEN)
    if isinstance(find(condition, anything), Unmet):
        return f"the tests of its condition (`{brief(condition)}`) contradict each other"
    if statement.denies and any(test.variable.lower().startswith(_NOT_IN_DENY) for test in tests):
        return "a deny statement cannot test `target.dynamicgroup`"
    misspelt = next(((test.variable, near) for test in tests if (near := nearest_variable(test.variable))), None)
    if misspelt and isinstance(find(condition, replace(anything, held={misspelt[0].lower(): Part.ABSENT})), Unmet):
        return f"no request has `{misspelt[0]}`, so the condition never holds; did you mean `{misspelt[1]}`?"
    asked = [test for test in tests if test.variable.lower() in {PERMISSION, OPERATION}]
    names = denied(statement.action) if statement.denies else granted(statement.action).permissions
    listed = frozenset(filter(is_listed, names))
    if not asked or granted(statement.action).doubt or (listed != names and not all(map(_names_listed, asked))):
        return ""
    sets = alike(condition, sorted(listed))
    if sets is not None and all(
        isinstance(find(condition, replace(anything, permission=each[0])), Unmet) for each in sets
    ):
        takes = "takes away" if statement.denies else "grants"
        return f"`{brief(statement.action)}` {takes} no permission that its condition (`{brief(condition)}`) asks for"
    return ""
