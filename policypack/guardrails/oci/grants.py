"""What several statements grant together: which implies which, what a subject holds, what is denied again.

Names of compartments are looked up from the compartment that a policy is attached to, so paths of two policies are
compared only where both are attached to the same one; the caller puts such statements together. Whoever belongs to a
group is not known here: a statement counts for a subject that it names, or that it takes in by being for everybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from .entailment import implies as condition_implies
from .meaning import No, Power, Reached, Scope, Undecided, never_holds, reaches, scope
from .permissions import covers, denied, granted
from .tree import Action, Grant, Kind, Name, Opaque, Place, PlaceKind, Statement, Subject, SubjectKind

_DEFAULT_DOMAIN = "default"
# Source: Oracle's "Deny Policies".
ADMINISTRATORS = f"{_DEFAULT_DOMAIN}/administrators"


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
            and takes_back(deny, statement)
        ):
            taken |= denied(deny.action)
    return without(power, taken)


def takes_back(deny: Grant, statement: Grant) -> bool:
    """Whether a deny statement, whose condition may hold, keeps what it denies from those whom both statements are
    about, wherever the other one grants it; a true answer is certain."""
    return (
        deny.kind is Kind.ALLOW
        and (includes_place(deny.place, statement.place) or scope(deny) is Scope.TENANCY)
        and condition_implies(statement.condition, deny.condition)
    )


def without(power: Power, taken: Collection[str]) -> Power:
    """The power with fewer permissions."""
    return replace(power, permissions=tuple(name for name in power.permissions if name not in taken))
