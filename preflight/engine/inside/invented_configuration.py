"""Values in place of configuration that nobody has given, of the type that a schema or an accessor says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from . import places, stand_ins
from .any_text import AnyMember, AnyText

_OWNER: Final = "configuration"
_ITEMS: Final = 2


class AnyObject(dict[str, object]):
    """An invented object: it has one member that may be anything, and answers every other name."""

    def __init__(self, path: str, numbers: set[str] | None) -> None:
        name = AnyText.of(_OWNER, f"{path}.*")
        super().__init__({name: AnyMember.of(_OWNER, f"{path}.{name}", numbers)})
        self._path = path
        self._numbers = numbers

    def __missing__(self, name: object) -> str:
        return AnyMember.of(_OWNER, f"{self._path}.{name}", self._numbers)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def get(self, name: str, default: Any = None) -> object:  # noqa: ANN401 - as of any mapping
        """The member `name`; the default where there is one, which tells what the program expects."""
        return self[name] if default is None else default


def invented_value(schema: Mapping[str, object], key: str, numbers: set[str] | None = None) -> object:
    """A value of the type that `schema` declares, an entry of `config` in Pulumi.yaml (`type` and `items`).

    A flag is set: what a program declares only then is looked at too. A list has two elements. `numbers` takes the
    paths of the texts that are read as numbers; without it none can be.
    """
    kind = schema.get("type")
    if key == places.REGION_KEY:
        return places.ambient_region()
    if kind == "boolean":
        return True
    if kind == "integer":
        return 1
    if kind == "number":
        return 1.0
    if kind == "object":
        return AnyObject(key, numbers)
    if kind == "array":
        items = schema.get("items")
        inner = items if isinstance(items, Mapping) else {}
        return [invented_value(inner, f"{key}[{index}]", numbers) for index in range(_ITEMS)]
    return AnyText.of(_OWNER, key, numbers)


def invented_text(schema: Mapping[str, object], key: str) -> str:
    """The same value as configuration holds it: a text, objects and lists as JSON."""
    value = invented_value(schema, key)
    return str(value) if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def token(path: str) -> str:
    """The text in place of one value inside an object or a list; `path` is the key and the way to it."""
    return stand_ins.anything(_OWNER, path)
