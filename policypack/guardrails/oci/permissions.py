"""What the verbs of a statement grant: the permissions of each resource type and family.

Source: Oracle's "Details for …" pages, collected in data/permissions.json, which names the page of each type and the
day it was looked at. A verb grants all that the verbs below it grant. New types join their family, and new permissions
their type, without notice; so for a family, and for a verb on a type whose permissions are not listed, a set holds a
name of its own beside the listed ones: `functions-family:use` is whatever else `use functions-family` grants.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from ..values import may_be_anything
from .tree import Action, Opaque, Permissions, Verb, VerbAction

ALL_RESOURCES: Final = "all-resources"
# How permissions end that change nothing, those too that are not listed.
_READING: Final = ("_INSPECT", "_READ", "_LIST", "_GET")
LADDER: Final = (Verb.INSPECT, Verb.READ, Verb.USE, Verb.MANAGE)


@dataclass(frozen=True, slots=True)
class Granted:
    """Permissions in capitals, and the names of what is not listed; `doubt` says why it may be more, if it may."""

    permissions: frozenset[str]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    ladders: Mapping[str, Mapping[Verb, frozenset[str]]]  # what each verb adds to the one below
    families: Mapping[str, frozenset[str]]
    spellings: Mapping[str, str]  # names that examples write for a type listed under another
    operations: Mapping[str, frozenset[str]]  # name in lower case -> permissions it needs
    checked: str


@cache
def _table() -> _Table:
    data = json.loads(Path(__file__).with_name("data").joinpath("permissions.json").read_text(encoding="utf-8"))
    return _Table(
        {name: _ladder(entry) for name, entry in (*data["types"].items(), *data["families"].items())},
        {name: frozenset(entry.get("members", ())) for name, entry in data["families"].items()},
        data["spellings"],
        {name.lower(): frozenset(needed) for name, needed in data["operations"].items()},
        data["checked"],
    )


def _ladder(entry: Mapping[str, Iterable[str]]) -> Mapping[Verb, frozenset[str]]:
    return {verb: frozenset(entry[verb.value]) for verb in LADDER if verb.value in entry}


def types() -> frozenset[str]:
    """The resource types that are no families, in lower case."""
    return frozenset(_table().ladders) - families()


def families() -> frozenset[str]:
    """The families of resource types, in lower case, `all-resources` not among them."""
    return frozenset(_table().families)


def members(family: str) -> frozenset[str]:
    """The types of a family as far as they are listed; none where `family` is a single type."""
    return _table().families.get(family.lower(), frozenset())


def is_known(word: str) -> bool:
    """Whether `word` is a resource type or family, in any letter case, or another spelling of one."""
    return word.lower() == ALL_RESOURCES or _listed(word.lower()) in _table().ladders


def other_spelling(word: str) -> str | None:
    """The type or family that Oracle lists for a name which only its examples write; None for every other word."""
    return _table().spellings.get(word.lower())


def _listed(name: str) -> str:
    return _table().spellings.get(name, name)


def checked() -> str:
    """The day on which the pages of Oracle were looked at, such as 2026-11-21."""
    return _table().checked


@cache
def permissions() -> frozenset[str]:
    """Every permission that is listed for some type or family."""
    return frozenset(name for ladder in _table().ladders.values() for added in ladder.values() for name in added)


@cache
def operations(permission: str) -> frozenset[str]:
    """The operations of the API, in lower case, that need a permission, as far as they are listed."""
    return frozenset(name for name, needed in _table().operations.items() if permission in needed)


def is_operation(name: str) -> bool:
    """Whether the permissions of an operation are listed; in any letter case."""
    return name.lower() in _table().operations


@lru_cache(maxsize=1024)
def granted(action: Action) -> Granted:
    """What an action grants; that of a type which nobody knows is the name of its verb on it, such as `things:use`."""
    if isinstance(action, Opaque):
        return Granted(frozenset(), f"what it grants (`{action}`)")
    if isinstance(action, Permissions):
        known = frozenset(name.upper() for name in action.names if not may_be_anything(name))
        return Granted(known, "" if len(known) >= len(set(action.names)) else f"a permission (`{action}`)")
    verb = action.verb if isinstance(action.verb, Verb) else Verb.INSPECT
    doubts = [] if isinstance(action.verb, Verb) else [f"its verb (`{action.verb}`)"]
    if may_be_anything(action.resource_type):
        return Granted(frozenset(), " and ".join([*doubts, f"its resource type (`{action.resource_type}`)"]))
    return Granted(of_verb(verb, action.resource_type.lower()), " and ".join(doubts))


@cache
def of_verb(verb: Verb, resource_type: str) -> frozenset[str]:
    """What a verb grants on a type or family, given in lower case."""
    if verb not in LADDER:
        return frozenset({_unlisted(resource_type, verb)})
    return frozenset[str]().union(*(added_by(each, resource_type) for each in LADDER[: LADDER.index(verb) + 1]))


@cache
def added_by(verb: Verb, resource_type: str) -> frozenset[str]:
    """What a verb of the ladder grants on a type or family, in lower case, beyond what the verb below it does."""
    table = _table()
    resource_type = _listed(resource_type)
    if resource_type == ALL_RESOURCES:
        found = frozenset[str]().union(*(added_by(verb, name) for name in table.ladders))
        return found | {_unlisted(ALL_RESOURCES, verb)}
    own = table.ladders.get(resource_type, {})
    found = own.get(verb, frozenset()).union(*(added_by(verb, name) for name in members(resource_type)))
    listed = verb in own or Verb.MANAGE in own
    return found if listed and resource_type not in table.families else found | {_unlisted(resource_type, verb)}


def _unlisted(resource_type: str, verb: Verb) -> str:
    return f"{resource_type}:{verb.value}"


def is_listed(permission: str) -> bool:
    """Whether a member of a granted set is a permission, and not the name of what is not listed."""
    return ":" not in permission


def covers(held: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether everything in `asked` is held, what is not listed too; a true answer is certain."""
    return all(_covers(held, name) for name in asked - held)


def _covers(held: frozenset[str], name: str) -> bool:
    verb = name.partition(":")[2]
    if not verb and name in permissions():
        return False
    # A permission that is not listed is granted by some verb on some type.
    return all(_unlisted(ALL_RESOURCES, each) in held for each in ([Verb(verb)] if verb else LADDER))


@lru_cache(maxsize=1024)
def changing(action: Action) -> tuple[str, ...]:
    """What an action grants beyond reading: permissions that `use` or `manage` adds, in a fixed order."""
    beyond = granted(action).permissions - of_verb(Verb.READ, ALL_RESOURCES)
    return tuple(sorted(name for name in beyond if not name.endswith((*_READING, ":inspect", ":read"))))


@lru_cache(maxsize=1024)
def managing(action: Action) -> tuple[str, ...]:
    """What an action grants beyond using what there is: permissions that only `manage` adds, in a fixed order."""
    beyond = granted(action).permissions - of_verb(Verb.USE, ALL_RESOURCES)
    return tuple(sorted(name for name in beyond if not name.endswith((*_READING, ":inspect", ":read", ":use"))))


def denied(action: Action) -> frozenset[str]:
    """What a deny statement takes away: the ladder is turned round, so that a verb takes those above it along.

    Source: Oracle's "Deny Policies". Where a part of the action is not known, nothing is taken for denied.
    """
    if not isinstance(action, VerbAction):
        return granted(action).permissions
    if action.verb not in LADDER or may_be_anything(action.resource_type):
        return frozenset()
    name = action.resource_type.lower()
    return frozenset[str]().union(*(added_by(verb, name) for verb in LADDER[LADDER.index(action.verb) :]))
