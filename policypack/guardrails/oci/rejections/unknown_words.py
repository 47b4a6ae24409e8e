"""The words of a statement that nobody knows: resource types, and permissions that are nearly the name of another.

A statement with such a word reads as any other, since new types appear without notice; the service refuses it all the
same when the word means nothing to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches
from functools import cache, lru_cache
from itertools import islice
from typing import Final

from ...values import has_stand_in
from .. import permissions
from ..tree import Grant, Permissions, Statement, VerbAction
from .negation import turns_round
from .rejection import Rejected, excerpt, shown
from .withheld import is_withheld

# What people call a type -> its name.
_OTHER_NAMES: Final = {
    "api-gateway": "api-gateway-family",
    "autonomous-db": "autonomous-databases",
    "compute": "instance-family",
    "compute-family": "instance-family",
    "compute-instances": "instances",
    "functions": "functions-family",
    "kms": "key-family",
    "log": "log-content",
    "logs": "log-content",
    "network": "virtual-network-family",
    "network-family": "virtual-network-family",
    "object-storage": "object-family",
    "object-storage-family": "object-family",
    "oke": "cluster-family",
    "queue": "queues",
    "resources": "all-resources",
    "storage": "object-family",
    "vault": "vaults",
    "vaults-family": "key-family",
    "virtual-network": "virtual-network-family",
    "vms": "instances",
}
# What has no type of its own -> the type it hangs on.
_WITHIN: Final = {"pre-authenticated-requests": "buckets"}
_VERBS: Final = frozenset({"inspect", "read", "use", "manage"})
_SHOWN: Final = 48
# A statement of more has other troubles than a slip.
_MOST_UNKNOWN: Final = 5
_CLOSE: Final = 0.85


def _none(_name: str) -> bool:
    return False


def unlisted_spellings(statement: Statement, text: str) -> Iterator[Rejected]:
    """The type of a statement, read from `text`, where only examples write it so and the service may not take it."""
    action = statement.action if isinstance(statement, Grant) else None
    listed = permissions.other_spelling(action.resource_type) if isinstance(action, VerbAction) else None
    if isinstance(action, VerbAction) and listed is not None:
        name, column = action.resource_type, action.type_column
        yield Rejected(
            column,
            "a resource type",
            shown(name, _SHOWN),
            listed,
            excerpt=excerpt(text, column - 1),
            problem=f"`{shown(name, _SHOWN)}` stands in examples and not in Oracle's list of resource types",
            corrected=f"{text[: column - 1]}{listed}{text[column - 1 + len(name) :]}",
        )


def unknown_words(statement: Statement, text: str, allowed: Callable[[str], bool] = _none) -> Iterator[Rejected]:
    """The words of a statement, read from `text`, that no list of types or permissions has.

    `allowed` says of a type in lower case whether it is known all the same. A permission is named only where it is
    nearly one that is listed, as the lists of permissions are not complete.
    """
    if isinstance(statement, Grant):
        found = list(_unknown(statement, text, allowed))
        # The text with one of several words corrected is not yet what was meant.
        yield from found if len(found) == 1 else (replace(word, corrected=None) for word in found)


def _unknown(statement: Grant, text: str, allowed: Callable[[str], bool]) -> Iterator[Rejected]:
    types = []
    if isinstance(statement.action, VerbAction):
        types.append((statement.action.resource_type, statement.action.type_column))
    if statement.pairing is not None:
        types.append((statement.pairing.resource_type, statement.pairing.column))
    for name, column in types:
        if not (has_stand_in(name) or permissions.is_known(name) or allowed(name.lower())):
            yield _unknown_type(name, column, text)
    if isinstance(statement.action, Permissions):
        yield from _misspelt(statement.action, text)


@cache
def _known() -> frozenset[str]:
    return permissions.types() | permissions.families() | {permissions.ALL_RESOURCES}


@lru_cache(maxsize=256)
def _nearest_type(folded: str) -> str | None:
    singular = folded.removesuffix("s")
    called = _OTHER_NAMES.get(folded, folded)
    for form in (called, f"{folded}s", f"{singular[:-1]}ies", f"{folded}es", singular, f"{folded}-family"):
        if form in _known():
            return form
    stem, family, _ = folded.partition("-family")
    if family:
        # Of two families the common end says nothing; the members are called like the family more often.
        if f"{stem}s" in _known():
            return f"{stem}s"
        stems = sorted(name.removesuffix("-family") for name in permissions.families())
        return next((f"{near}-family" for near in get_close_matches(stem, stems, n=1, cutoff=0.75)), None)
    return next(iter(get_close_matches(folded, sorted(_known()), n=1, cutoff=0.75)), None)


def _unknown_type(name: str, column: int, text: str) -> Rejected:
    folded = name.lower()
    short = shown(name, _SHOWN)
    if folded in _VERBS:
        hint = "a statement has one verb, and the resource type follows it"
        problem = f"the verb `{short}` stands where a resource type is expected"
        return Rejected(column, "a resource type", short, None, hint, excerpt(text, column - 1), problem=problem)
    if folded in _WITHIN:
        hint = f"what is done with them hangs on `manage {_WITHIN[folded]}`"
        problem = f"`{short}` have no permissions of their own"
        near = excerpt(text, column - 1)
        return Rejected(column, "a resource type", short, _WITHIN[folded], hint, near, problem=problem)
    nearest = _nearest_type(folded[:64])
    meant = f"Write `{nearest}`, if that is what is meant" if nearest is not None else "Write a type that OCI lists"
    return Rejected(
        column,
        "a resource type",
        short,
        nearest,
        excerpt=excerpt(text, column - 1),
        problem=f"`{short}` is no resource type or family that is known",
        corrected=_corrected(name, nearest, column - 1, text),
        remedy=f"{meant}; if OCI has `{short}`, list it in the setting resourceTypes.",
    )


def _is_certain(folded: str, nearest: str) -> bool:
    """Whether a name is another in the singular, or with a slip or two in it; both in lower case."""
    if nearest in {f"{folded}s", f"{folded}es", f"{folded.removesuffix('s')[:-1]}ies"}:
        return True
    return not turns_round(folded, nearest) and SequenceMatcher(None, folded, nearest).ratio() >= _CLOSE


def _corrected(name: str, nearest: str | None, offset: int, text: str) -> str | None:
    """The text with `nearest` for the `name` at `offset`; None where that may not be meant, or is withheld."""
    if nearest is None or not _is_certain(name.lower(), nearest.lower()):
        return None
    edited = f"{text[:offset]}{nearest}{text[offset + len(name) :]}"
    return None if is_withheld(edited) else edited


def _misspelt(action: Permissions, text: str) -> Iterator[Rejected]:
    listed = permissions.permissions()
    verb = next((name for name in action.names if name.lower() in _VERBS), None)
    if verb is not None:
        offset = text.find(verb, action.column - 1)
        said = f"`{verb}` is a verb, and a permission is expected in braces"
        hint = f"a verb stands in no braces, and a resource type follows it: `{verb.lower()} buckets`"
        yield Rejected(offset + 1, "a permission", verb, None, hint, excerpt(text, offset), problem=said)
    unknown = (name for name in action.names if name.upper() not in listed and not has_stand_in(name))
    for name in islice(unknown, _MOST_UNKNOWN):
        nearest = _nearest_permission(name[:64].upper())
        if nearest is not None:
            offset = text.find(name, action.column - 1)
            yield Rejected(
                offset + 1,
                "a permission",
                shown(name, _SHOWN),
                nearest,
                excerpt=excerpt(text, offset),
                problem=f"`{shown(name, _SHOWN)}` is no permission that is known",
                corrected=_corrected(name, nearest, offset, text),
            )


@cache
def _by_letters() -> Mapping[str, str]:
    return {name.replace("_", ""): name for name in sorted(permissions.permissions(), reverse=True)}


@cache
def _parts() -> frozenset[str]:
    return frozenset(part for name in permissions.permissions() for part in name.split("_"))


@lru_cache(maxsize=256)
def _nearest_permission(name: str) -> str | None:
    """The listed permission that `name` is but for underscores, or for one part that no permission has."""
    if name.replace("_", "") in _by_letters():
        return _by_letters()[name.replace("_", "")]
    parts = name.split("_")
    strange = [place for place, part in enumerate(parts) if part not in _parts()]
    if len(strange) != 1:
        return None
    meant = get_close_matches(parts[strange[0]], sorted(_parts()), n=20, cutoff=0.75)
    forms = ("_".join([*parts[: strange[0]], part, *parts[strange[0] + 1 :]]) for part in meant)
    return next((form for form in forms if form in permissions.permissions()), None)
