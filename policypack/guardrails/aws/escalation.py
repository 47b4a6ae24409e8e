"""Privilege escalation by one identity: which known methods its permissions are enough for.

A method is a conjunction of requests, some of which share their target; `find` is asked for each of them on concrete
targets, so that Denys, boundaries, conditions and grants spread over documents are decided as everywhere. Every
witness replays as allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..glob import compiled, has_wildcard
from . import escalation_of_compute, escalation_of_iam, escalation_of_services
from .answers import Undecided
from .authority import Authority
from .document import Effect, Statement, Text, is_action
from .escalation_methods import Method, Way
from .escalation_search import Escalation, Hanging, Judge, Target, order
from .escalation_targets import Holder
from .places import MOST, TOO_MANY, places_of
from .state import Budget

__all__ = [
    "METHODS",
    "Escalation",
    "Escalations",
    "Hanging",
    "Holder",
    "Target",
    "escalations",
    "escalations_onto",
    "speaks_of",
]

_METHODS: Final = (
    *escalation_of_iam.METHODS,
    *escalation_of_compute.METHODS,
    *escalation_of_services.METHODS,
    *escalation_of_iam.TAKEOVERS,
)
METHODS: Final[tuple[Method, ...]] = tuple(sorted(_METHODS, key=lambda method: method.row))
_ACTIONS: Final = frozenset(action for method in METHODS for action in method.actions)
_BY_LOWER: Final = {action.lower(): action for action in _ACTIONS}


@dataclass(frozen=True)
class Escalations:
    """All that was found, in the order of the methods, and what is in doubt."""

    found: tuple[Escalation, ...] = ()
    doubts: tuple[Hanging, ...] = ()


def escalations(authority: Authority, holder: Holder | None = None, budget: Budget | None = None) -> Escalations:
    """The methods that one identity with this authority can use, one way and one target for each.

    An unconditional way is preferred, then one on targets that nobody names.
    """
    return _search(authority, holder or Holder(), budget or Budget(), None)


def escalations_onto(authority: Authority, holder: Holder, target: Target, budget: Budget | None = None) -> Escalations:
    """The methods by which the identity takes over one target; a role is passed to services only that it trusts."""
    return _search(authority, holder, budget or Budget(), target)


def speaks_of(statement: Statement) -> frozenset[str]:
    """The actions of all methods of which a statement speaks, or may speak."""
    found = _ACTIONS if statement.actions is None else _named(statement.actions)
    if statement.not_actions is not None:
        found -= _named(tuple(each for each in statement.not_actions if each is not None))
    return found if statement.actions is not None or statement.not_actions is not None else frozenset()


@lru_cache(maxsize=8192)
def _named(patterns: tuple[Text, ...]) -> frozenset[str]:
    """The actions of methods that patterns name; all where one cannot be read."""
    if None in patterns:
        return _ACTIONS
    found: set[str] = set()
    for pattern in patterns:
        if pattern is not None and has_wildcard(pattern):
            found |= _matching(pattern)
        elif pattern is not None and (name := _BY_LOWER.get(pattern.lower())) is not None:
            found.add(name)
    return frozenset(found)


@lru_cache(maxsize=8192)
def _matching(pattern: str) -> frozenset[str]:
    glob = compiled(pattern, fold=True)
    return frozenset(name for name in _ACTIONS if glob.matches(name)) if is_action(pattern) else frozenset()


def _search(authority: Authority, holder: Holder, budget: Budget, onto: Target | None) -> Escalations:
    spoken = {id(each): speaks_of(each.statement) for each in authority.statements()}
    grants = [each for path in authority.paths for each in path[0] if each.statement.effect is not Effect.DENY]
    allowed = frozenset[str]().union(*(spoken[id(each)] for each in grants))
    if not allowed:
        return Escalations()
    ways = dict(_possible(authority, allowed, onto))
    if not ways:
        return Escalations()
    asked = {action for method in ways for action in method.actions}
    relevant = [each for each in authority.statements() if not asked.isdisjoint(spoken[id(each)])]
    asking = [each.statement for each in grants if not asked.isdisjoint(spoken[id(each)])]
    places = places_of(asking, own=holder.own_account)
    best: dict[Method, Escalation] = {}
    doubts: dict[Method, Hanging] = {}
    for place in places[:MOST]:
        judge = Judge(authority, holder, place, allowed, relevant, spoken, budget, onto)
        for method, among in ways.items():
            known = best.get(method)
            if known is None or order(known) > (False, False):
                found = judge.best(method, among)
                if found is not None and (known is None or order(found) < order(known)):
                    best[method] = found
        for method, doubt in judge.doubts.items():
            doubts.setdefault(method, doubt)
    if len(places) > MOST:
        path = grants[0].statement.path
        for method in ways:
            doubts.setdefault(method, Hanging(method, grants[0].document, path, Undecided(TOO_MANY, path)))
    unsettled = [each for method, each in doubts.items() if method not in best or best[method].bounded]
    return Escalations(tuple(best[each] for each in METHODS if each in best), tuple(unsettled))


def _possible(
    authority: Authority, allowed: frozenset[str], onto: Target | None
) -> Iterator[tuple[Method, Sequence[Way]]]:
    """The methods and ways of whose every step some grant speaks."""
    for method in METHODS:
        if method.id == "remove-boundary" and not any(len(path) > 1 for path in authority.paths):
            continue
        if method.id == "remove-deny" and not authority.denies:
            continue
        among = method.ways if onto is None else onto.ways(method)
        ways = [way for way in among if all(not allowed.isdisjoint(step.actions) for step in way.steps)]
        if ways:
            yield method, ways
