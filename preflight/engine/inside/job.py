"""The job: which program to run and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Invented:
    """A configuration value that was invented because nobody has given it, or nobody can read it.

    `schema` has `type` and `items` as Pulumi.yaml declares them. `whole` is false for an object or a list of which
    only parts were invented.
    """

    schema: Mapping[str, object]
    secret: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class StackOutputs:
    """Outputs of another stack that were given: by name, and the names of those that are secret."""

    values: Mapping[str, object] = field(repr=False)
    secret: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Job:
    """One run of one program.

    `root` is the project's folder (where Pulumi.yaml is), `main` the folder or file of the program. `config` holds
    texts under their full keys (`namespace:key`), objects as JSON text; `secret_keys` are the keys whose values are
    secret; `invented` are the keys whose values are. `stack_outputs` holds outputs of other stacks by
    `ORGANIZATION/PROJECT/STACK`. `required` are keys to invent even where the program could do without, as it says.
    `remediate` says whether some rule may change inputs, so that each resource must be
    offered first.
    """

    project: str
    stack: str
    organization: str
    root: Path
    main: Path
    config: dict[str, str] = field(repr=False)
    secret_keys: frozenset[str]
    remediate: bool
    required: frozenset[str] = frozenset()
    invented: Mapping[str, Invented] = field(default_factory=dict)
    stack_outputs: Mapping[str, StackOutputs] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder that the program runs in and imports from."""
        return self.main if self.main.is_dir() else self.main.parent

    def has_invented(self, key: str) -> bool:
        """Whether nothing of the value of `key` was given by anyone."""
        return key in self.invented and self.invented[key].whole

    def package_config(self, package: str) -> dict[str, str]:
        """Configuration of one provider package by bare key, as its default provider gets it."""
        prefix = package + ":"
        return {key[len(prefix) :]: value for key, value in self.config.items() if key.startswith(prefix)}


def parse(fields: dict[str, object]) -> Job:
    """A job from the first line that the driver sent.

    Raises ValueError naming the field that is missing or of the wrong type.
    """
    root = Path(_text(fields, "root_directory")).resolve()
    config = _object(fields, "config")
    secret_keys = fields.get("secret_keys", [])
    if not isinstance(secret_keys, list):
        message = "job: `secret_keys` must be a list"
        raise ValueError(message)
    return Job(
        project=_text(fields, "project"),
        stack=_text(fields, "stack"),
        organization=_text(fields, "organization"),
        root=root,
        main=(root / _text(fields, "main")).resolve(),
        config={str(key): str(value) for key, value in config.items()},
        secret_keys=frozenset(str(key) for key in secret_keys),
        remediate=fields.get("remediate") is True,
        required=frozenset(map(str, cast("list[object]", fields.get("required", [])))),
        invented={key: Invented(**one) for key, one in _object(fields, "invented").items()},
        stack_outputs={
            stack: StackOutputs(one["values"], frozenset(one["secret"]))
            for stack, one in _object(fields, "stack_outputs").items()
        },
    )


def _object(fields: dict[str, object], name: str) -> dict[str, Any]:
    value = fields.get(name, {})
    if not isinstance(value, dict):
        message = f"job: `{name}` must be an object"
        raise ValueError(message)
    return value


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        message = f"job: `{name}` must be text"
        raise ValueError(message)
    return value
