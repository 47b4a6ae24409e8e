"""Whom a statement is about, and where it holds, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..aliases import DEFINED_AS
from ..tree import (
    DefinedKind,
    Definition,
    Grant,
    Name,
    Opaque,
    Pairing,
    Place,
    PlaceKind,
    Subject,
    SubjectKind,
)
from .words import series

_EVERYONE: Final = {
    SubjectKind.ANY_USER: "anyone of {}: every user, instance, function and other resource, and every service",
    SubjectKind.ANY_GROUP: "every member of any group or dynamic group of {}",
}
_OF_STRANGERS: Final = "every tenancy there is, those of strangers too"
_CALLED: Final = {
    SubjectKind.GROUP: ("the members of the group {}", "the members of the groups {}"),
    SubjectKind.DYNAMIC_GROUP: (
        "the resources that the dynamic group {} takes in",
        "the resources that the dynamic groups {} take in",
    ),
    SubjectKind.SERVICE: ("the Oracle service {}", "the Oracle services {}"),
}
_NOT_KNOWN: Final = "not known"

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


def aliases(statements: Iterable[object]) -> Aliases:
    """The definitions among the statements of one policy, by what they define and their alias in lower case."""
    return {(each.kind, each.alias.text.lower()): each for each in statements if isinstance(each, Definition)}


def who(statement: Grant, defined: Aliases) -> Who:
    """Whom a statement is about; `defined` are the aliases of its policy."""
    subject = statement.subject
    if isinstance(subject, Opaque):
        return Who(_NOT_KNOWN, (), f"somebody who is not known: `{subject}`")
    names = (*map(str, subject.names), *map(str, subject.ids))
    of = _origin(statement, defined)
    if subject.kind in _EVERYONE:
        return Who(subject.kind.value, names, _EVERYONE[subject.kind].format(of or "this tenancy"))
    if subject.kind is SubjectKind.RESOURCE:
        words = f"the resource {' '.join(names)}"
    else:
        one, several = _CALLED[subject.kind]
        shown = [_subject_name(name, subject, defined) for name in subject.names]
        shown += map(str, subject.ids)
        words = (one if len(names) == 1 else several).format(series(shown, "and"))
    return Who(subject.kind.value, names, f"{words}, of {of}" if of else words)


def _origin(statement: Grant, defined: Aliases) -> str:
    """The tenancy that those are of whom a statement admits; empty for the one it stands in."""
    if statement.origin is None:
        return ""
    return _tenancy(statement.origin, defined) if isinstance(statement.origin, Name) else _OF_STRANGERS


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


def where(statement: Grant, defined: Aliases) -> Where:
    """Where a statement holds; `defined` are the aliases of its policy."""
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
        return _OF_STRANGERS
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
