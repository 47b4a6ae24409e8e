"""The policy configuration file, merged with what a pack declares exactly as the engine merges it.

Follows pkg/resource/analyzer/config.go of the engine: schema defaults and declared levels, then the pack's initial
configuration, then the file; in each, `all` gives a level to every policy and a policy's own entry wins over it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policypack.guardrails.findings import Level

from ..errors import CheckError

if TYPE_CHECKING:
    from pulumi.runtime.proto import analyzer_pb2 as pb

_ALL: Final = "all"
_LEVEL_KEY: Final = "enforcementLevel"
# In the order of the protocol's enumeration.
LEVELS: Final = (Level.ADVISORY, Level.MANDATORY, Level.DISABLED, Level.REMEDIATE)
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int, float),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of one policy; `level` is None where nothing is said of it."""

    level: Level | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def read(path: Path | None) -> dict[str, Given]:
    """The file's entries by policy name; no file says nothing.

    Raises CheckError where the file cannot be read, says something twice or does not have the form that
    `--policy-pack-config` takes.
    """
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        if not text.strip():
            raise CheckError(f"{path} is empty; write `{{}}` where the policy configuration says nothing.")
        content = json.loads(text, object_pairs_hook=_once)
    except _SaidTwiceError as error:
        raise CheckError(f"{path} says {error} twice; correct the policy configuration.") from None
    except OSError as error:
        raise CheckError(f"cannot read {path}: {error.strerror}; check --policy-config.") from error
    except ValueError as error:
        raise CheckError(f"{path} is not valid JSON; correct the policy configuration.") from error
    if not isinstance(content, dict):
        raise CheckError(f"{path} must hold an object of policy names; correct the policy configuration.")
    content.pop("environments", None)
    return {name: _given(path, name, entry) for name, entry in content.items()}


class _SaidTwiceError(Exception):
    """A key that stands twice in one object; the text is the key."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, value in pairs:
        if key in entries:
            raise _SaidTwiceError(repr(key))
        entries[key] = value
    return entries


def _given(path: Path, name: str, entry: object) -> Given:
    if isinstance(entry, str):
        return Given(_level(path, name, entry))
    if isinstance(entry, dict):
        settings = {key: value for key, value in entry.items() if key != _LEVEL_KEY}
        return Given(_level(path, name, entry[_LEVEL_KEY]) if _LEVEL_KEY in entry else None, settings)
    raise CheckError(f"{path}: the entry of {name!r} must be an enforcement level or an object; correct it.")


def _level(path: Path, name: str, value: object) -> Level:
    try:
        return Level(value)  # type: ignore[arg-type]
    except ValueError:
        levels = ", ".join(LEVELS)
        # Without quoting it: a setting may have come here by mistake, and a setting may be secret.
        raise CheckError(f"{path}: what {name!r} has is no enforcement level; write one of {levels}.") from None


def reconcile(info: pb.AnalyzerInfo, given: Mapping[str, Given]) -> dict[str, Given]:
    """Level and settings of every policy of a pack. Raises CheckError where a setting does not fit its schema."""
    from google.protobuf.json_format import MessageToDict

    merged: dict[str, Given] = {}
    schemas: dict[str, dict[str, Any]] = {}
    for policy in info.policies:
        schema = MessageToDict(policy.configSchema.properties)
        schemas[policy.name] = schema
        defaults = {key: entry["default"] for key, entry in schema.items() if "default" in entry}
        merged[policy.name] = Given(LEVELS[policy.enforcementLevel], defaults)
    initial = {
        name: Given(LEVELS[entry.enforcementLevel], MessageToDict(entry.properties))
        for name, entry in info.initialConfig.items()
    }
    for layer in (initial, given):
        merged = _apply(merged, layer)
    for name, schema in schemas.items():
        _validate(name, schema, merged[name].settings)
    return merged


def _apply(merged: Mapping[str, Given], layer: Mapping[str, Given]) -> dict[str, Given]:
    everywhere = layer[_ALL].level if _ALL in layer else None
    result = {name: Given(everywhere or entry.level, entry.settings) for name, entry in merged.items()}
    for name, entry in layer.items():
        if name == _ALL:
            continue
        before = result.get(name, Given())
        result[name] = Given(entry.level or before.level, {**before.settings, **entry.settings})
    return result


def for_rules(names: Iterable[str], given: Mapping[str, Given]) -> dict[str, Given]:
    """What is said of these rules, for those that no pack carries: their own entry, else the level of `all`."""
    everywhere = given.get(_ALL, Given()).level
    chosen = {}
    for name in names:
        own = given.get(name, Given())
        if own.level or everywhere or own.settings:
            chosen[name] = Given(own.level or everywhere, own.settings)
    return chosen


def strangers(given: Mapping[str, Given], known: Iterable[str]) -> dict[str, Given]:
    """What is said of names that are none of `known`, for whoever can say that there is no such policy."""
    return {name: entry for name, entry in given.items() if name not in {_ALL, *known}}


def _validate(name: str, schema: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]) -> None:
    for key, value in settings.items():
        entry = schema.get(key)
        problem = _problem(entry, value) if entry else ""
        if problem:
            raise CheckError(f"policy configuration: {name}.{key} {problem}; correct --policy-config.")


def _problem(schema: Mapping[str, Any], value: object) -> str:
    """Why `value` does not fit `schema`; empty where it does. Knows type, enum, bounds, pattern, items and members."""
    declared = schema.get("type")
    wanted = _TYPES.get(declared) if isinstance(declared, str) else None
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and declared != "boolean")):
        return f"must be of type {declared}"
    if declared == "integer" and isinstance(value, float) and not value.is_integer():
        return "must be a whole number"
    choices = schema.get("enum")
    if isinstance(choices, list) and value not in choices:
        return f"must be one of {', '.join(map(str, choices))}"
    if isinstance(value, (int, float)):
        least, most = schema.get("minimum", value), schema.get("maximum", value)
        if value < least:
            return f"must be at least {least:g}"
        if value > most:
            return f"must be at most {most:g}"
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        return "must not be empty"
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and isinstance(value, str) and re.search(pattern, value) is None:
        return f"must match {pattern}"
    items = schema.get("items")
    if isinstance(items, dict) and isinstance(value, list):
        problems = (_problem(items, item) for item in value)
        return next((f"has an element that {problem}" for problem in problems if problem), "")
    return _problem_of_members(schema, value) if isinstance(value, dict) else ""


def _problem_of_members(schema: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    known, required = schema.get("properties"), schema.get("required")
    if not isinstance(known, dict):
        return ""
    missing = next((key for key in required if key not in value), None) if isinstance(required, list) else None
    if missing is not None:
        return f"lacks {missing!r}"
    for key, member in value.items():
        if key not in known:
            return f"has {key!r}, which is none of {', '.join(known)}"
        problem = _problem(known[key], member)
        if problem:
            return f"has {key!r}, which {problem}"
    return ""
