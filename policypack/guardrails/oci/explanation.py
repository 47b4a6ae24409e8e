"""A statement or a matching rule in words: who may do what, where, and under which condition.

Words only: whether a statement is well made is for the rules. The letter case of names is the writer's, that of
permissions Oracle's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..values import may_be_anything
from .aliases import DEFINED_AS, undefined
from .conditions import Asked, Met, Part, find
from .explanation_of_actions import What, what
from .explanation_of_conditions import Clause, clause
from .meaning import Open, open_to_anyone
from .membership import Breadth, membership
from .permissions import granted, is_known, permissions
from .tree import (
    Condition,
    DefinedKind,
    Definition,
    Grant,
    Kind,
    Name,
    Opaque,
    OpaqueTail,
    Pairing,
    Permissions,
    Place,
    PlaceKind,
    Statement,
    Subject,
    SubjectKind,
    VerbAction,
)

_SAYS: Final = {
    (Kind.ALLOW, False): "",
    (Kind.ALLOW, True): "Denies, whatever is allowed elsewhere; the Administrators of the default domain are spared. "
    "It counts only in a tenancy where deny policies have been switched on.",
    (Kind.ENDORSE, False): "Lets those of this tenancy act in another one, as far as that one admits them.",
    (Kind.ENDORSE, True): "Keeps those of this tenancy from acting in another one, even where that one admits them.",
    (Kind.ADMIT, False): "Lets those of another tenancy act in this one, as far as their own endorses them.",
    (Kind.ADMIT, True): "Keeps those of another tenancy out, even where their own endorses them.",
}
_EVERYONE: Final = {
    SubjectKind.ANY_USER: "anyone in the tenancy: every user, instance, function and other resource, and every service",
    SubjectKind.ANY_GROUP: "every member of any group or dynamic group of the tenancy",
}
_EVERYONE_OUTSIDE: Final = {
    SubjectKind.ANY_USER: "anyone: every user, instance, function and other resource, and every service",
    SubjectKind.ANY_GROUP: "every member of any group or dynamic group",
}
_CALLED: Final = {
    SubjectKind.GROUP: ("the members of the group {}", "the members of the groups {}"),
    SubjectKind.DYNAMIC_GROUP: (
        "the resources that the dynamic group {} takes in",
        "the resources that the dynamic groups {} take in",
    ),
    SubjectKind.SERVICE: ("the Oracle service {}", "the Oracle services {}"),
}
_TAKEN: Final = {
    Breadth.EVERY_RESOURCE: "every resource of the tenancy",
    Breadth.EVERY_COMPARTMENT: "every resource of type {type} in the whole tenancy",
    Breadth.WHOLE_COMPARTMENT: "every resource of any type in the compartment {compartment}",
    Breadth.EVERY_INSTANCE: "every instance in the compartment {compartment}",
    Breadth.TAGGED: "whatever bears the tag in the whole tenancy",
}
_NOT_KNOWN: Final = "not known"
_STRANGER: Final = Asked(who=Part.UNNAMED, what=Part.CHOSEN)

Aliases: TypeAlias = Mapping[tuple[DefinedKind, str], Definition]


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a statement is about. `kind` is the keyword, `names` are as written, with domain, or OCIDs."""

    kind: str
    names: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where a statement holds; `kind` is the keyword."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One statement, or one matching rule, whose `kind` is `matching-rule` and which has only a condition.

    `text` is canonical. `says` is what there is to say of the kind of statement, or all of it for a definition.
    """

    text: str
    kind: str
    says: str
    who: Who | None = None
    what: What | None = None
    where: Where | None = None
    condition: Clause | None = None
    notes: tuple[str, ...] = ()


def aliases(statements: Iterable[object]) -> Aliases:
    """The definitions among the statements of one policy, by what they define and their alias in lower case."""
    return {(each.kind, each.alias.text.lower()): each for each in statements if isinstance(each, Definition)}


def explain(statement: Statement, defined: Aliases) -> Explanation:
    """Explain a statement; `defined` are the aliases of its policy."""
    if isinstance(statement, Definition):
        alias, thing = statement.alias, f"the {statement.kind.value} {statement.ocid}"
        says = f"In this policy `{alias}` stands for {thing}. It grants nothing by itself."
        return Explanation(str(statement), "define", says)
    effect, granted_ = statement.kind.value, what(statement)
    if statement.denies:
        effect = "deny" if statement.kind is Kind.ALLOW else f"deny {effect}"
    return Explanation(
        str(statement),
        effect,
        _SAYS[statement.kind, statement.denies],
        _who(statement, defined),
        granted_,
        _where(statement, defined),
        _condition(statement),
        (*_open(statement, granted_), *_unknown(statement), *_undefined(statement, defined)),
    )


def explain_rule(rule: Condition) -> Explanation:
    """Explain the matching rule of a dynamic group: which resources it takes in."""
    says = "The dynamic group takes in every resource of which this holds."
    return Explanation(str(rule), "matching-rule", says, condition=clause(rule), notes=tuple(_reach(rule)))


def _reach(rule: Condition) -> Iterator[str]:
    """What a matching rule takes in that its words do not say outright."""
    found = membership(rule)
    for taken in found.taken:
        if taken.breadth is not Breadth.MEANT:
            what = _TAKEN[taken.breadth].format(type=taken.type, compartment=taken.compartment)
            yield f"`{taken.way}` takes in {what}, those that are made later too."
    for dead in found.dead:
        yield f"`{dead.way}` takes in nothing: {dead.reason}."
    if found.doubt:
        yield f"What it takes in cannot be told: {found.doubt}."


def _who(statement: Grant, defined: Aliases) -> Who:
    subject = statement.subject
    if isinstance(subject, Opaque):
        return Who(_NOT_KNOWN, (), f"somebody who is not known: `{subject}`")
    from_elsewhere = statement.kind is Kind.ADMIT
    everyone = (_EVERYONE_OUTSIDE if from_elsewhere else _EVERYONE).get(subject.kind)
    names = (*map(str, subject.names), *map(str, subject.ids))
    if subject.kind is SubjectKind.RESOURCE:
        everyone = f"the resource {' '.join(names)}"
    elif everyone is None:
        one, several = _CALLED[subject.kind]
        shown = [_subject_name(name, subject, defined) for name in subject.names]
        shown += map(str, subject.ids)
        everyone = (one if len(names) == 1 else several).format(_and(shown))
    if statement.origin is PlaceKind.ANY_TENANCY:
        everyone += ", of every tenancy there is, those of strangers too"
    elif isinstance(statement.origin, Name):
        everyone += f", of {_tenancy(statement.origin, defined)}"
    return Who(subject.kind.value, names, everyone)


def _subject_name(name: Name, subject: Subject, defined: Aliases) -> str:
    kind = DEFINED_AS.get(subject.kind)
    stands_for = defined.get((kind, name.text.lower())) if kind is not None and name.domain is None else None
    if stands_for is not None:
        return f"{name.text} ({stands_for.ocid})"
    return name.text if name.domain is None else f"{name.text} of the identity domain {name.domain}"


def _tenancy(alias: Name, defined: Aliases) -> str:
    definition = defined.get((DefinedKind.TENANCY, alias.text.lower()))
    known = str(definition.ocid) if definition is not None else "for which the policy has no definition"
    return f"the tenancy {alias.text} ({known})"


def _where(statement: Grant, defined: Aliases) -> Where:
    words = _place(statement.place, defined)
    if statement.pairing is not None:
        words += f", with {_pairing(statement.pairing, defined)}"
    kind = _NOT_KNOWN if isinstance(statement.place, Opaque) else statement.place.kind.value
    return Where(kind, words)


def _pairing(pairing: Pairing, defined: Aliases) -> str:
    return f"{pairing.resource_type} in {_place(pairing.place, defined)}"


def _place(place: Place | Opaque, defined: Aliases) -> str:
    if isinstance(place, Opaque):
        return f"a place that is not known: `{place}`"
    if place.kind is PlaceKind.ANY_TENANCY:
        return "every tenancy there is, those of strangers too"
    if place.kind is PlaceKind.TENANCY:
        return "the whole tenancy" if place.tenancy is None else f"all of {_tenancy(place.tenancy, defined)}"
    below = "and everything below it"
    if place.ocid is not None:
        if place.ocid.text.lower().startswith("ocid1.tenancy."):
            return f"the root compartment {place.ocid}, which is the whole tenancy"
        return f"the compartment {place.ocid} {below}{_of(place, defined)}"
    *above, last = [name.text for name in place.path]
    inside = f", which lies in {' : '.join(above)}," if above else ""
    return f"the compartment {last}{inside} {below}{_of(place, defined)}"


def _of(place: Place, defined: Aliases) -> str:
    return f", in {_tenancy(place.tenancy, defined)}" if place.tenancy is not None else ""


def _condition(statement: Grant) -> Clause | None:
    match statement.condition:
        case None:
            return None
        case OpaqueTail() as tail:
            return Clause.opaque(str(tail))
        case condition:
            return clause(condition, denies=statement.denies)


def _open(statement: Grant, granted_: What) -> Iterator[str]:
    """What a condition that looks like a limit leaves open."""
    condition = statement.condition
    if condition is None or isinstance(condition, OpaqueTail) or statement.denies:
        return
    takes_away = granted_.left is not None and len(granted_.left) < granted_.total
    anyone = open_to_anyone(statement)
    if isinstance(anyone, Open):
        which = "with a caller of that kind, in any compartment," if anyone.kind_only else "that comes that way"
        yield f"The condition leaves open who it is: everybody {which} qualifies."
    elif not takes_away and all(isinstance(find(condition, each), Met) for each in (_STRANGER, Asked())):
        yield "The condition narrows neither who nor on what: all that it does not name is left in."


def _unknown(statement: Grant) -> Iterator[str]:
    """Words of the statement that no list here has."""
    action = statement.action
    words = [action.resource_type] if isinstance(action, VerbAction) else []
    words += [statement.pairing.resource_type] if statement.pairing is not None else []
    for word in words:
        if not is_known(word) and not may_be_anything(word):
            yield f"`{word}` is no resource type or family that is known here."
    if isinstance(action, Permissions):
        for name in sorted(granted(action).permissions - permissions()):
            yield f"`{name}` is no permission that is listed here."


def _undefined(statement: Grant, defined: Aliases) -> Iterator[str]:
    """The names of other tenancies that the policy has no definition of."""
    for kind, name in undefined(statement, defined.values()):
        yield f"The policy lacks `define {kind.value} {name} as OCID`."


def _and(texts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))
