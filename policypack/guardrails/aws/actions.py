"""What AWS documents of its services: their actions, the resources and condition keys of these, and their levels.

The table is AWS's Service Authorization Reference of a day (`about`), written by scripts/aws_actions.py. It is complete
for no later day: a service or an action that it does not list may exist, and `None` says no more than "not listed".
Nothing is read before it is asked for, and then only the service in question.

`data/actions.json` holds what is asked for without a service: where the services lie, the services by ARN segment, the
keys without a service of their own. `data/actions.bin` holds two zlib streams for each service, one behind the other:
the names of its actions separated by blanks, and a JSON document of everything else, in which sets that several
actions share are written once.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, NamedTuple

from ..glob import compiled
from .operators import Family

_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]+\}")

_Keys = Mapping[str, "KeyType"]
_Templates = Sequence[tuple[re.Pattern[str], "KeyType"]]


class AccessLevel(Enum):
    """AWS's class of an action. Permissions management is wider here than AWS's own, see scripts/aws_actions.py."""

    LIST = "List"
    READ = "Read"
    TAGGING = "Tagging"
    WRITE = "Write"
    PERMISSIONS_MANAGEMENT = "Permissions management"


# The levels, the least dangerous first.
DANGER: Final = (
    AccessLevel.LIST,
    AccessLevel.READ,
    AccessLevel.TAGGING,
    AccessLevel.WRITE,
    AccessLevel.PERMISSIONS_MANAGEMENT,
)


class ResourceUse(NamedTuple):
    """A resource type that an action is requested on.

    An action needs a resource of every type that is `required`, or one of any type where none is, and may name
    resources of the others. `keys` are the condition keys that AWS lists for this action on this type; those of the
    type are in `Service.resource_keys`.
    """

    type: str
    required: bool
    keys: tuple[str, ...]


class Action(NamedTuple):
    """One action. Without `resources` it is only ever requested on `*`.

    `keys` hold on whatever resource the action is requested. Of the global keys AWS lists only those on tags here.
    `dependent` names actions that the caller needs besides, at least in some uses of this one.
    """

    name: str
    level: AccessLevel
    resources: tuple[ResourceUse, ...]
    keys: tuple[str, ...]
    dependent: tuple[str, ...]


class KeyType(NamedTuple):
    """A condition key: its name as AWS writes it, `${…}` in its variable parts, and what its values are."""

    name: str
    base: Family
    multivalued: bool


class Service(NamedTuple):
    """All that the table says of one service.

    `actions` are by bare name and `keys` by name, both in lower case and in alphabetical order. Resource types have
    the name that `ResourceUse.type` has: `resource_types` gives the documented ARN formats of each, with `${…}` or `*`
    in the parts that vary, and `resource_keys` the condition keys of a resource of the type.
    """

    prefix: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, tuple[str, ...]]
    resource_keys: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, KeyType]


class TableInfo(NamedTuple):
    """The package that the table is made from, and the day of its data."""

    package: str
    version: str
    licence: str
    date: date


# The data has the first letter for a level.
_LEVELS: Final = {level.value[0]: level for level in AccessLevel}
_BASES: Final = {
    "String": Family.STRING,
    "ARN": Family.ARN,
    "Bool": Family.BOOL,
    "Numeric": Family.NUMERIC,
    "Date": Family.DATE,
    "IPAddress": Family.IP,
    "Binary": Family.BINARY,
}


def about() -> TableInfo:
    """Where the table comes from."""
    source = _index()["about"]
    return TableInfo(source["package"], source["version"], source["licence"], date.fromisoformat(source["date"]))


def services() -> tuple[str, ...]:
    """The prefixes of all listed services, in alphabetical order."""
    return tuple(_places())


def service(prefix: str) -> Service | None:
    """The service with this prefix, in any case; None for a service that is not listed."""
    folded = prefix.translate(_LOWER)
    return _service(folded) if folded in _places() else None


def action(name: str) -> Action | None:
    """The action that `name` (`S3:getobject`) names; None for what is not listed, patterns and other text included."""
    prefix, _, bare = name.partition(":")
    listed = service(prefix)
    return listed.actions.get(bare.translate(_LOWER)) if listed else None


@lru_cache(maxsize=65_536)
def rank(name: str) -> int:
    """How dangerous an action is by its access level; -1 where it is not listed."""
    found = action(name)
    return -1 if found is None else DANGER.index(found.level)


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """The bare names of all actions of all services by prefix, without anything else about them."""
    return {prefix: _names(prefix) for prefix in _places()}


@lru_cache(maxsize=1024)
def services_of_arn(segment: str) -> tuple[str, ...]:
    """The services with an action on resources whose ARN has a text that this pattern matches between its second and
    third colon.

    Those with a type of which the format leaves this part open are always among them.
    """
    pattern = compiled(segment)
    found = {
        prefix
        for text, prefixes in _index()["arns"].items()
        if pattern.matches(text) or _PLACEHOLDER.search(text)
        for prefix in prefixes
    }
    return tuple(sorted(found))


@lru_cache(maxsize=4096)
def key_type(key: str) -> KeyType | None:
    """What a condition key holds: a global key, or one of a service or an issuer of tokens. None where not listed.

    The case does not matter, and `aws:RequestTag/team` has the type of `aws:RequestTag/${TagKey}`. AWS lists only the
    claims of well-known issuers, and not all of them.
    """
    folded = key.translate(_LOWER)
    # These first: a few keys of services are global too, and then of one type everywhere.
    if found := _find(folded, *_keys_without_service()):
        return found
    listed = service(folded.partition(":")[0])
    return _find(folded, listed.keys, _templates_of(listed.prefix)) if listed else None


def spelled(key: str) -> str:
    """A condition key that is given in lower case as AWS writes it, as far as the table tells."""
    known = key_type(key)
    if known is None:
        return key
    fixed = known.name.partition("${")[0]
    return fixed + key[len(fixed) :]


def _find(key: str, keys: _Keys, templates: _Templates) -> KeyType | None:
    return keys.get(key) or next((kind for form, kind in templates if form.fullmatch(key)), None)


@cache
def _index() -> Mapping[str, Mapping[str, Any]]:
    index: dict[str, dict[str, Any]] = json.loads(
        Path(__file__).with_name("data").joinpath("actions.json").read_text(encoding="utf-8")
    )
    return index


@cache
def _streams() -> bytes:
    return Path(__file__).with_name("data").joinpath("actions.bin").read_bytes()


@cache
def _places() -> Mapping[str, tuple[int, int, int]]:
    """By prefix: where the names of its actions begin, where they end and the rest begins, and where that ends."""
    listed: Mapping[str, Sequence[int]] = _index()["services"]
    bounds = [0, *accumulate(length for lengths in listed.values() for length in lengths)]
    return dict(zip(listed, zip(bounds[::2], bounds[1::2], bounds[2::2], strict=False), strict=True))


def _names(prefix: str) -> tuple[str, ...]:
    start, end, _ = _places()[prefix]
    return tuple(zlib.decompress(_streams()[start:end]).decode("ascii").split())


@cache
def _service(prefix: str) -> Service:
    _, start, end = _places()[prefix]
    document = json.loads(zlib.decompress(_streams()[start:end]))
    keys = [_key(name, kind) for name, kind in document["keys"]]
    key_sets = [tuple([keys[place].name for place in places]) for places in document["key sets"]]
    types = [name for name, _, _ in document["types"]]
    use_sets = [
        tuple([ResourceUse(types[place], bool(required), key_sets[used]) for place, required, used in uses])
        for uses in document["use sets"]
    ]
    dependent_sets = [tuple(needed) for needed in document["dependent sets"]]
    columns = (document[column] for column in ("levels", "uses", "action keys", "dependent"))
    return Service(
        prefix,
        actions={
            name.lower(): Action(
                f"{prefix}:{name}", _LEVELS[level], use_sets[uses], key_sets[used], dependent_sets[needed]
            )
            for name, level, uses, used, needed in zip(_names(prefix), *columns, strict=True)
        },
        resource_types={name: tuple(formats) for name, formats, _ in document["types"]},
        resource_keys={name: key_sets[used] for name, _, used in document["types"]},
        keys={key.name.lower(): key for key in keys},
    )


def _key(name: str, kind: str) -> KeyType:
    return KeyType(name, _BASES[kind.removeprefix("ArrayOf")], kind.startswith("ArrayOf"))


@cache
def _keys_without_service() -> tuple[_Keys, _Templates]:
    keys = {name.lower(): _key(name, kind) for name, kind in _index()["keys"].items()}
    return keys, _templates(keys)


@cache
def _templates_of(prefix: str) -> _Templates:
    return _templates(_service(prefix).keys)


def _templates(keys: _Keys) -> _Templates:
    # The most specific first: `events:metadata/${MetadataKey}/matcher` is no value of `events:metadata/${MetadataKey}`.
    fixed = {key: _PLACEHOLDER.split(key) for key in keys if _PLACEHOLDER.search(key)}
    ordered = sorted(fixed, key=lambda key: -sum(map(len, fixed[key])))
    return [(re.compile(".+".join(map(re.escape, fixed[key])), re.DOTALL), keys[key]) for key in ordered]
