"""The job: which program to run and as what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Job:
    """One run of one program.

    `root` is the project's folder (where Pulumi.yaml is), `main` the folder or file of the program. `config` holds
    texts under their full keys (`namespace:key`), objects as JSON text; `secret_keys` are the keys whose values are
    secret. `remediate` says whether some rule may change inputs, so that each resource must be offered first.
    """

    project: str
    stack: str
    organization: str
    root: Path
    main: Path
    config: dict[str, str]
    secret_keys: frozenset[str]
    remediate: bool

    @property
    def folder(self) -> Path:
        """The folder that the program runs in and imports from."""
        return self.main if self.main.is_dir() else self.main.parent

    def package_config(self, package: str) -> dict[str, str]:
        """Configuration of one provider package by bare key, as its default provider gets it."""
        prefix = package + ":"
        return {key[len(prefix) :]: value for key, value in self.config.items() if key.startswith(prefix)}


def parse(fields: dict[str, object]) -> Job:
    """A job from the first line that the driver sent.

    Raises ValueError naming the field that is missing or of the wrong type.
    """
    root = Path(_text(fields, "root_directory")).resolve()
    config = fields.get("config", {})
    secret_keys = fields.get("secret_keys", [])
    if not isinstance(config, dict) or not isinstance(secret_keys, list):
        message = "job: `config` must be an object and `secret_keys` a list"
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
    )


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        message = f"job: `{name}` must be text"
        raise ValueError(message)
    return value
