"""What several statements grant together: which implies which, what a subject holds, what is denied again.

Names of compartments are looked up from the compartment that a policy is attached to, so paths of two policies are
compared only where both are attached to the same one; the caller puts such statements together. Whoever belongs to a
group is not known here: a statement counts for a subject that it names, or that it takes in by being for everybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from .comparison import NEGATIVE, POSITIVE, UNNAMED, holds, holds_always
from .conditions import OPERATION, PERMISSION, Part
from .entailment import implies as condition_implies
from .meaning import No, Power, Reached, Scope, Undecided, never_holds, reaches, scope
from .permissions import covers, denied, granted, is_operation, operations
from .tree import (
    Action,
    Combination,
    Condition,
    Grant,
    Kind,
    Name,
    Opaque,
    OpaqueTail,
    Place,
    PlaceKind,
    Quantifier,
    Statement,
    Subject,
    SubjectKind,
    Test,
    ValueKind,
)
from .variables import Says, says

_DEFAULT_DOMAIN = "default"
# Source: Oracle's "Deny Policies".
ADMINISTRATORS = f"{_DEFAULT_DOMAIN}/administrators"
# Variables of the place, which is looked into apart from conditions.
_PLACE = "target.compartment."


@dataclass(frozen=True, slots=True)
class Held:
    """A power that a subject holds by a statement, which is the one at `index` of those given."""

    index: int
    reached: Reached


def implies(wider: Grant, narrower: Grant) -> bool:
    """Whether one statement grants, or denies, all that another one does; a true answer is certain."""
    if wider.kind is not narrower.kind or wider.denies is not narrower.denies or wider.pairing or narrower.pairing:
        return False
    if wider.origin != narrower.origin or granted(wider.action).doubt or granted(narrower.action).doubt:
        return False
    of = denied if wider.denies else _permissions
    return (
        includes_subject(wider.subject, narrower.subject)
        and covers(of(wider.action), of(narrower.action))
        and includes_place(wider.place, narrower.place)
        and condition_implies(narrower.condition, wider.condition)
    )


def _permissions(action: Action) -> frozenset[str]:
    return granted(action).permissions


def includes_subject(wider: Subject | Opaque, narrower: Subject | Opaque) -> bool:
    """Whether one subject takes in another: any-user everybody, any-group the groups and dynamic groups."""
    if isinstance(wider, Opaque) or isinstance(narrower, Opaque):
        return False
    if wider.kind is SubjectKind.ANY_USER:
        return True
    if wider.kind is SubjectKind.ANY_GROUP:
        return narrower.kind in {SubjectKind.ANY_GROUP, SubjectKind.GROUP, SubjectKind.DYNAMIC_GROUP}
    return wider.kind is narrower.kind and _members(narrower) <= _members(wider)


def _members(subject: Subject) -> frozenset[str]:
    return frozenset({*map(full_name, subject.names), *(ocid.text.lower() for ocid in subject.ids)})


def full_name(name: Name) -> str:
    """The name of a group with its domain, in lower case, as names are compared; without a domain it is of Default."""
    return f"{(name.domain or _DEFAULT_DOMAIN).lower()}/{name.text.lower()}"


def includes_place(wider: Place | Opaque, narrower: Place | Opaque) -> bool:
    """Whether one place takes in another one, seen from the same compartment."""
    if isinstance(wider, Opaque) or isinstance(narrower, Opaque):
        return False
    if wider.kind is PlaceKind.ANY_TENANCY:
        return narrower.kind is PlaceKind.ANY_TENANCY or narrower.tenancy is not None
    if str(wider.tenancy).lower() != str(narrower.tenancy).lower() or narrower.kind is PlaceKind.ANY_TENANCY:
        return False
    if wider.kind is PlaceKind.TENANCY:
        return True
    if narrower.kind is PlaceKind.TENANCY:
        return False
    if wider.ocid or narrower.ocid:
        both = wider.ocid is not None and narrower.ocid is not None
        return both and str(wider.ocid).lower() == str(narrower.ocid).lower()
    path = [name.text.lower() for name in narrower.path]
    return path[: len(wider.path)] == [name.text.lower() for name in wider.path]


def held(statements: Sequence[Statement], subject: Subject, power: Power) -> Held | No | Undecided:
    """Whether a subject holds a power by some of the statements, which none of the others denies it again."""
    undecided: Undecided | None = None
    for index, statement in enumerate(statements):
        if not isinstance(statement, Grant) or not _is_about(statement, subject):
            continue
        answer = reaches(statement, _undenied(power, statement, statements, subject))
        if isinstance(answer, Reached):
            return Held(index, answer)
        if isinstance(answer, Undecided):
            undecided = undecided or answer
    return undecided or No()


def _is_about(statement: Grant, subject: Subject) -> bool:
    return isinstance(statement.subject, Subject) and (
        includes_subject(statement.subject, subject)
        or (statement.subject.kind is subject.kind and bool(_members(statement.subject) & _members(subject)))
    )


def _undenied(power: Power, statement: Grant, statements: Iterable[Statement], subject: Subject) -> Power:
    """The power without the permissions that are denied wherever the statement grants them."""
    taken: set[str] = set()
    for deny in () if ADMINISTRATORS in _members(subject) else statements:
        if (
            isinstance(deny, Grant)
            and deny.denies
            and not denied(deny.action).isdisjoint(power.permissions)
            and includes_subject(deny.subject, subject)
            and not never_holds(deny)
            and (includes_place(deny.place, statement.place) or scope(deny) is Scope.TENANCY)
        ):
            named = denied(deny.action).intersection(power.permissions)
            taken |= {name for name in named if takes_away(deny, statement, power, name) is True}
    return without(power, taken)


def takes_away(
    deny: Grant, statement: Grant, power: Power, permission: str, *, tells_apart: bool = False
) -> bool | None:
    """Whether the condition of a deny statement holds for each request by which the other one lets a power be used by a
    permission, wherever that is; None where it is not known. With `tells_apart`, who asks is not known either."""
    if deny.kind is not Kind.ALLOW:
        return False
    if not tells_apart and condition_implies(statement.condition, deny.condition):
        return True
    return _holds(deny.condition, statement.condition, power, permission, tells_apart=tells_apart)


def _holds(
    condition: Condition | OpaqueTail | None,
    given: Condition | OpaqueTail | None,
    power: Power,
    permission: str,
    *,
    tells_apart: bool,
) -> bool | None:
    if isinstance(condition, Combination):
        inner = {_holds(member, given, power, permission, tells_apart=tells_apart) for member in condition.members}
        decides = condition.quantifier is Quantifier.ANY
        return decides if decides in inner else None if None in inner else not decides
    if not isinstance(condition, Test):
        return True if condition is None else None
    if holds_always(condition) or condition_implies(given, condition):
        return True
    return _test_holds(condition, power, permission, tells_apart=tells_apart)


def _test_holds(test: Test, power: Power, permission: str, *, tells_apart: bool) -> bool | None:
    variable = test.variable.lower()
    about, held = says(variable), power.to.get(variable)
    # A request that does not meet it can be made, unless it leaves out one thing alone.
    avoidable = False if test.operator in POSITIVE else None
    if any(value.kind is ValueKind.VARIABLE for value in test.values):
        return avoidable
    if variable == PERMISSION:
        return holds(test, permission)
    if variable == OPERATION:
        return _operations_hold(test, permission, power.by)
    if isinstance(held, str):
        return holds(test, held)
    if held is Part.CHOSEN or about is Says.CIRCUMSTANCES:
        return False
    if about in {Says.WHO, Says.KIND}:
        return None if tells_apart else avoidable
    if about is None or variable.startswith(_PLACE):
        return None
    return avoidable if held in {Part.UNTOLD, Part.ANY_OF} else holds(test, UNNAMED)


def _operations_hold(test: Test, permission: str, by: frozenset[str]) -> bool | None:
    """Whether a test holds for each operation that needs a permission and counts."""
    needed = operations(permission)
    answers = {holds(test, name) for name in (needed & by or by or needed)}
    if False in answers:
        return False
    # Others than those listed may need the permission too.
    certain = by or (test.operator in NEGATIVE and all(is_operation(value.text) for value in test.values))
    return True if answers == {True} and certain else None


def without(power: Power, taken: Collection[str]) -> Power:
    """The power with fewer permissions."""
    return replace(power, permissions=tuple(name for name in power.permissions if name not in taken))
