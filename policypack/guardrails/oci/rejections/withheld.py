"""Corrections that are not offered, though the language takes them: of grants that nobody should paste unread."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..meaning import GrantsAll, No, Power, Scope, grants_all_resources, open_to_anyone, reaches, scope
from ..permissions import LADDER
from ..powers import GIVE_CREDENTIALS, JOIN_GROUPS, WRITE_POLICIES
from ..tree import Grant, Place, PlaceKind, Verb
from .stop import Misplaced

_POWERS: Final[tuple[Power, ...]] = (GIVE_CREDENTIALS, JOIN_GROUPS, WRITE_POLICIES)
_CHANGING: Final = LADDER[LADDER.index(Verb.USE) :]


def is_withheld(text: str) -> bool:
    """Whether a text is a statement that gives away the tenancy, or something to anyone, or may do so.

    Conditions count where they say who qualifies. A text that is no statement is not withheld.
    """
    from ..grammar import build

    try:
        statement = build(text, "statement")
    except Misplaced:
        return False
    if not isinstance(statement, Grant) or statement.denies:
        return False
    pairing = statement.pairing.place if statement.pairing is not None else None
    kinds = {place.kind for place in (statement.place, pairing) if isinstance(place, Place)}
    if PlaceKind.ANY_TENANCY in {statement.origin, *kinds}:
        return True
    return not isinstance(open_to_anyone(statement), No) or _gives_the_tenancy(replace(statement, condition=None))


def _gives_the_tenancy(statement: Grant) -> bool:
    if scope(statement) is Scope.COMPARTMENT:
        return False
    everything = grants_all_resources(statement)
    if isinstance(everything, GrantsAll) and everything.verb in _CHANGING:
        return True
    return any(not isinstance(reaches(statement, power), No) for power in _POWERS)
