"""The names that a statement across tenancies needs a definition for.

Semantics: Oracle Cloud Infrastructure documentation, "Cross-Tenancy Access Policies". Names of another tenancy mean
nothing to the one a policy lives in, so its tenancies, groups and compartments stand for the OCIDs that `define`
statements of the same policy give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ..values import may_be_anything
from .tree import DefinedKind, Definition, Grant, Kind, Name, Place, Subject, SubjectKind

DEFINED_AS: Final = {SubjectKind.GROUP: DefinedKind.GROUP, SubjectKind.DYNAMIC_GROUP: DefinedKind.DYNAMIC_GROUP}


def undefined(statement: Grant, definitions: Iterable[Definition]) -> Iterator[tuple[DefinedKind, Name]]:
    """The aliases that a statement uses and no definition gives, each once, in the order they stand in."""
    given = list(definitions)
    for kind, name in dict.fromkeys(_used(statement)):
        if not may_be_anything(str(name)) and not any(_gives(definition, kind, name) for definition in given):
            yield kind, name


def _used(statement: Grant) -> Iterator[tuple[DefinedKind, Name]]:
    if isinstance(statement.origin, Name):
        subject = statement.subject
        if statement.kind is Kind.ADMIT and isinstance(subject, Subject) and subject.kind in DEFINED_AS:
            yield from ((DEFINED_AS[subject.kind], name) for name in subject.names)
        yield DefinedKind.TENANCY, statement.origin
    for place in (statement.place, statement.pairing.place if statement.pairing is not None else None):
        if isinstance(place, Place) and place.tenancy is not None:
            if len(place.path) == 1:
                yield DefinedKind.COMPARTMENT, place.path[0]
            yield DefinedKind.TENANCY, place.tenancy


def _gives(definition: Definition, kind: DefinedKind, name: Name) -> bool:
    alias = definition.alias
    return definition.kind is kind and (may_be_anything(str(alias)) or _folded(alias) == _folded(name))


def _folded(name: Name) -> tuple[str, str]:
    return name.text.casefold(), (name.domain or "default").casefold()
