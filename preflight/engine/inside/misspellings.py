"""Arguments of getPolicyDocument that it does not know, and what their author meant.

People write the names of the policy language (`Effect`, `Action`) where the function has its own (`effect`,
`actions`). The provider refuses some such calls and reads others; here each is named, and the document is computed as
it was meant, so that the rules judge the grant its author had in mind and not what is left of it.

Standard library only, like everything that runs inside a foreign environment.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_DOCUMENT_ARGUMENTS: Final = (
    "statements",
    "sourcePolicyDocuments",
    "overridePolicyDocuments",
    "sourceJson",
    "overrideJson",
    "policyId",
    "version",
)
_STATEMENT_ARGUMENTS: Final = (
    "actions",
    "notActions",
    "resources",
    "notResources",
    "effect",
    "sid",
    "principals",
    "notPrincipals",
    "conditions",
)
_PRINCIPAL_ARGUMENTS: Final = ("type", "identifiers")
_CONDITION_ARGUMENTS: Final = ("test", "variable", "values")
_NESTED_ARGUMENTS: Final = {
    "principals": _PRINCIPAL_ARGUMENTS,
    "notPrincipals": _PRINCIPAL_ARGUMENTS,
    "conditions": _CONDITION_ARGUMENTS,
}
# Names from policy documents and other tools whose spelling is not near the argument that is meant.
_OTHER_NAMES: Final = {
    _DOCUMENT_ARGUMENTS: {"id": "policy_id"},
    _STATEMENT_ARGUMENTS: {"id": "sid"},
    _PRINCIPAL_ARGUMENTS: {"aws": "type", "service": "type", "federated": "type", "canonicaluser": "type"},
    _CONDITION_ARGUMENTS: {"operator": "test", "key": "variable"},
}
_LONGEST_GUESSED_NAME: Final = 64
MOST_PROBLEMS: Final = 100
_HUMP: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")
_LISTS: Final = ("statements", "actions", "notActions", "resources", "notResources", "identifiers", "values")


@dataclass(frozen=True, slots=True)
class Problem:
    """An argument that getPolicyDocument does not know.

    `path` is its place as the user writes it (`statements[0].Effect`), `argument` its name, `suggestion` the nearest
    known argument in Python spelling (`effect`), or None.
    """

    path: str
    argument: str
    suggestion: str | None


def as_meant(args: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """Return `args` with every misspelt argument under the name that was meant, and the list of what was misspelt.

    An argument with no near name is dropped; one whose right name is given too is dropped as well. At most
    `MOST_PROBLEMS` problems are listed.
    """
    problems: list[Problem] = []
    meant = _level(args, _DOCUMENT_ARGUMENTS, "", problems)
    meant["statements"] = _each(meant, "statements", _STATEMENT_ARGUMENTS, "", problems)
    return {name: value for name, value in meant.items() if value is not None}, problems[:MOST_PROBLEMS]


def _each(
    given: Mapping[str, object], name: str, known: tuple[str, ...], prefix: str, problems: list[Problem]
) -> object:
    items = given.get(name)
    if not isinstance(items, (list, tuple)):
        return items
    return [
        _nested(item, known, f"{prefix}{python_name(name)}[{i}].", problems) if isinstance(item, Mapping) else item
        for i, item in enumerate(items)
    ]


def _nested(
    item: Mapping[str, object], known: tuple[str, ...], prefix: str, problems: list[Problem]
) -> dict[str, object]:
    meant = _level(item, known, prefix, problems)
    if known is _STATEMENT_ARGUMENTS:
        for name, inner in _NESTED_ARGUMENTS.items():
            if name in meant:
                meant[name] = _each(meant, name, inner, prefix, problems)
    return meant


def _level(
    given: Mapping[str, object], known: tuple[str, ...], prefix: str, problems: list[Problem]
) -> dict[str, object]:
    meant = {name: value for name, value in given.items() if name in known}
    wire_names = {python_name(name): name for name in known}
    for key, value in given.items():
        if key in known:
            continue
        shown = str(key)[:_LONGEST_GUESSED_NAME].encode("utf-8", "replace").decode()
        suggestion = _suggestion(shown, known)
        if len(problems) < MOST_PROBLEMS:
            problems.append(Problem(f"{prefix}{shown}", shown, suggestion))
        if suggestion is not None and known is not _PRINCIPAL_ARGUMENTS:
            name = wire_names[suggestion]
            meant.setdefault(name, _in_shape(name, value))
    return meant


def _in_shape(name: str, value: object) -> object:
    """`value` in the shape of the argument `name`, where it was written in the shape of the policy language."""
    if name in _LISTS and not isinstance(value, (list, tuple)):
        return [value]
    if name in ("principals", "notPrincipals"):
        if isinstance(value, str):
            return [{"type": value, "identifiers": [value]}]
        if isinstance(value, Mapping):
            return [{"type": kind, "identifiers": _in_shape("identifiers", names)} for kind, names in value.items()]
    if name == "conditions" and isinstance(value, Mapping):
        return [
            {"test": test, "variable": variable, "values": _in_shape("values", values)}
            for test, keys in value.items()
            if isinstance(keys, Mapping)
            for variable, values in keys.items()
        ]
    return value


def _suggestion(argument: str, known: tuple[str, ...]) -> str | None:
    letters = "".join(c for c in argument.lower() if c.isalnum())
    by_letters = {name.lower(): python_name(name) for name in known}
    for candidate in (letters, f"{letters}s"):
        if candidate in by_letters:
            return by_letters[candidate]
    if letters in _OTHER_NAMES[known]:
        return _OTHER_NAMES[known][letters]
    near = difflib.get_close_matches(letters, by_letters, n=1)
    return by_letters[near[0]] if near else None


def python_name(wire_name: str) -> str:
    return _HUMP.sub(r"_\1", wire_name).lower()
