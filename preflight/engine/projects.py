"""A Pulumi project on disk: what to run, which stacks it has, what its configuration schema says."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..errors import CheckError
from . import yaml_values

_FILES: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_EXTENSIONS: Final = (".yaml", ".yml", ".json")
_NAME: Final = re.compile(r"(?!\.+$)[A-Za-z0-9_.-]+")
_QUALIFIERS: Final = 2  # organization and project
DEFAULT_STACK: Final = "dev"
DEFAULT_ORGANIZATION: Final = "organization"


@dataclass(frozen=True, slots=True)
class Declared:
    """One key of the project's configuration schema. `type` is empty where the project does not say.

    `items` is the schema of a list's elements, as it stands in the file.
    """

    type: str = ""
    items: Mapping[str, Any] | None = None
    default: Any = None
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project. `root` is the folder of Pulumi.yaml, `main` as written there, `declared` by full key."""

    root: Path
    name: str
    main: str
    runtime_options: Mapping[str, Any] = field(default_factory=dict)
    declared: Mapping[str, Declared] = field(default_factory=dict)
    config_folder: Path

    @property
    def folder(self) -> Path:
        """The folder in which the program runs, as the engine chooses it."""
        entry = self.root / self.main
        return entry if entry.is_dir() else entry.parent

    def require_entry(self) -> None:
        """Raises CheckError where there is no `__main__.py` to run."""
        entry = self.root / self.main
        if entry.is_dir() and not (entry / "__main__.py").is_file():
            raise CheckError(f"{entry} has no __main__.py, so nothing to run; add it, or set `main` in Pulumi.yaml.")

    def stacks(self) -> list[str]:
        """The names of the stacks that have a file, sorted."""
        found = set()
        for path in self.config_folder.glob("Pulumi.*.*"):
            if path.suffix in _EXTENSIONS and path.is_file():
                found.add(path.stem.removeprefix("Pulumi."))
        return sorted(found)

    def stack_file(self, stack: str) -> Path | None:
        """The file of this stack, if it has one."""
        candidates = (self.config_folder / f"Pulumi.{stack}{extension}" for extension in _EXTENSIONS)
        return next((path for path in candidates if path.is_file()), None)

    def key(self, name: str) -> str:
        """The full key of a configuration key: in the project's namespace where it names none.

        Old stack files write `namespace:config:name`.
        """
        return _full_key(self.name, name)


def load(program: Path) -> Project:
    """The project at `program`, a folder with Pulumi.yaml or that file itself.

    Raises CheckError where there is none, where it is broken, and where its program is not a Python one.
    """
    path = _project_file(program)
    content = yaml_values.load(path)
    name = content.get("name")
    if not isinstance(name, str) or not name:
        raise CheckError(f"{path} has no name; add `name: PROJECT`.")
    options = _python_options(path, content.get("runtime"))
    root = path.parent
    main = content.get("main", ".") or "."
    if not isinstance(main, str) or not (root / main).exists():
        raise CheckError(f"{path} says `main: {main}`, which does not exist; correct it.")
    schema = content.get("config")
    folder = content.get("stackConfigDir") or (schema if isinstance(schema, str) else "")
    return Project(
        root=root,
        name=name,
        main=main,
        runtime_options=options,
        declared=_declared(path, name, schema if isinstance(schema, dict) else {}),
        config_folder=root / str(folder),
    )


def _project_file(program: Path) -> Path:
    if program.is_file() and program.name in _FILES:
        return program
    if not program.exists():
        raise CheckError(f"{program} does not exist; give the folder of a Pulumi project.")
    if not program.is_dir():
        raise CheckError(f"{program} is a file; give the folder of a Pulumi project.")
    for name in _FILES:
        if (program / name).is_file():
            return program / name
    raise CheckError(f"{program} has no Pulumi.yaml; give the folder of a Pulumi project.")


def _python_options(path: Path, runtime: object) -> Mapping[str, Any]:
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise CheckError(
            f"{path} has the runtime {name!r} and preflight runs Python programs only; check such a stack with "
            "`pulumi preview --policy-pack`, or its exported state with `preflight state`."
        )
    options = runtime.get("options") if isinstance(runtime, dict) else None
    return options if isinstance(options, dict) else {}


def _declared(path: Path, project: str, schema: Mapping[str, Any]) -> dict[str, Declared]:
    declared = {}
    for name, entry in schema.items():
        key = _full_key(project, str(name))
        if not isinstance(entry, dict):
            declared[key] = Declared(default=entry)
            continue
        default = entry.get("default", entry.get("value"))
        secret = entry.get("secret") is True
        if secret and default is not None:
            raise CheckError(f"{path} gives the secret key {name!r} a default in clear; set it per stack, encrypted.")
        items = entry.get("items")
        declared[key] = Declared(
            str(entry.get("type", "")), items if isinstance(items, dict) else None, default, secret=secret
        )
    return declared


def _full_key(project: str, name: str) -> str:
    namespace, _, short = name.rpartition(":")
    return f"{namespace.removesuffix(':config') or project}:{short}"


@dataclass(frozen=True, slots=True)
class StackName:
    """The stack a program runs as."""

    organization: str
    name: str


def choose_stack(project: Project, asked: str | None, environment: Mapping[str, str] = os.environ) -> StackName:
    """The stack: the one asked for, else the only one with a file, else PULUMI_STACK, else `dev`.

    `asked` may be written `ORGANIZATION/STACK` or `ORGANIZATION/PROJECT/STACK`. Raises CheckError where several have
    a file and nothing chooses, and where the name is none.
    """
    stacks = project.stacks()
    if asked is not None:
        return _stack_name(asked)
    name = stacks[0] if len(stacks) == 1 else environment.get("PULUMI_STACK")
    if not name:
        if stacks and DEFAULT_STACK not in stacks:
            raise CheckError(f"{project.name} has the stacks {', '.join(stacks)}; choose one with `--stack NAME`.")
        name = DEFAULT_STACK
    return _stack_name(name)


def _stack_name(name: str) -> StackName:
    *before, short = name.split("/")
    if len(before) > _QUALIFIERS or not all(map(_NAME.fullmatch, (*before, short))):
        raise CheckError(f"{name!r} is not the name of a stack; a name has letters, digits, `-`, `_` and `.` only.")
    return StackName(before[0] if before else DEFAULT_ORGANIZATION, short)
