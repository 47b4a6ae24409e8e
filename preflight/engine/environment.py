"""Which Python runs the program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import CheckError
from .projects import Project

_TOOLCHAINS: Final = ("pip", "poetry", "uv")
# Where people keep the environment of a project that names none.
_USUAL: Final = (".venv", "venv")
_POETRY_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that runs the program, what chose it, and a sentence where the project asks for one that is absent."""

    path: Path
    origin: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The virtual environment that a project asks for: its folder, None where that cannot be told, and who says so."""

    folder: Path | None
    origin: str


def choose(project: Project, asked: str | None, environment: Mapping[str, str] = os.environ) -> Interpreter:
    """The one asked for, else that of the project's environment, as the language host finds it, else the active one.

    What the project names and nobody has made yet is passed over, and said. After the active environment comes one in
    the project's folder, then our own Python; that the environment of our own Python is active says nothing about the
    project. Nothing is installed. Symbolic links stay: resolving them would leave the
    environment. Raises CheckError where the one asked for does not exist, and for a toolchain that there is not.
    """
    if asked:
        return Interpreter(_asked(asked), "--python")
    wanted = _wanted(project, environment)
    python = in_environment(wanted.folder) if wanted and wanted.folder else None
    if wanted and python:
        return Interpreter(python, wanted.origin)
    found = _without(project, environment)
    if not wanted:
        return found
    lacking = f"the environment {wanted.folder}, which has no Python" if wanted.folder else "an environment nobody made"
    missing = (
        f"{wanted.origin} asks for {lacking}; {found.path} ({found.origin}) ran the program instead; "
        "make it with `pulumi install`, or choose one with --python"
    )
    return Interpreter(found.path, found.origin, missing)


def in_environment(folder: Path) -> Path | None:
    """The interpreter of the virtual environment at `folder`, if there is one."""
    names = (Path("Scripts/python.exe"),) if os.name == "nt" else (Path("bin/python"), Path("bin/python3"))
    return next((folder / name for name in names if (folder / name).is_file()), None)


def activated(python: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables for a program that `python` runs: where it is in a virtual environment, with that one active."""
    variables = dict(environment)
    folder = python.parent.parent
    if (folder / "pyvenv.cfg").is_file():
        variables["VIRTUAL_ENV"] = str(folder)
        variables["PATH"] = os.pathsep.join(filter(None, (str(python.parent), variables.get("PATH"))))
        variables.pop("PYTHONHOME", None)
    return variables


def require_python(path: Path) -> None:
    """Raises CheckError where what was started is no Python of version 3."""
    command = [str(path), "-c", "import sys; print('python', sys.version_info[0])"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        said = b""
    else:
        said = done.stdout
    if said.strip() != b"python 3":
        raise CheckError(f"{path} is not a Python that runs programs; choose another with --python.")


def _asked(asked: str) -> Path:
    path = Path(asked)
    if path.is_dir():
        found = in_environment(path)
        if found:
            return found.absolute()
    elif path.is_file():
        return path.absolute()
    elif os.sep not in asked:
        command = shutil.which(asked)
        if command:
            return Path(command)
    raise CheckError(f"--python {asked} is neither a Python interpreter nor a virtual environment; correct the path.")


def _wanted(project: Project, environment: Mapping[str, str]) -> _Wanted | None:
    """As the SDK's language host does (sdk/python/toolchain), without what it would install."""
    options = project.runtime_options
    toolchain, named = options.get("toolchain"), options.get("virtualenv")
    if toolchain is not None and toolchain not in _TOOLCHAINS:
        raise CheckError(f"Pulumi.yaml asks for the toolchain {toolchain!r}; there are {', '.join(_TOOLCHAINS)}.")
    root, program = project.root.absolute(), project.folder.absolute()
    if toolchain is None:
        locks = ("uv.lock", "uv"), ("poetry.lock", "poetry")
        toolchain = next((tool for lock, tool in locks if _above(program, lock)), "pip")
    if toolchain == "poetry":
        return _Wanted(_of_poetry(program, environment), "the toolchain poetry")
    if isinstance(named, str) and named:
        return _Wanted(root / named, "`virtualenv` in Pulumi.yaml")
    if toolchain == "uv":
        beside = _above(program, "uv.lock") or _above(program, "pyproject.toml") or program
        return _Wanted(beside / (environment.get("UV_PROJECT_ENVIRONMENT") or ".venv"), "the toolchain uv")
    return None


def _above(folder: Path, file: str) -> Path | None:
    """The nearest folder from `folder` upwards that has such a file."""
    return next((one for one in (folder, *folder.parents) if (one / file).exists()), None)


def _of_poetry(program: Path, environment: Mapping[str, str]) -> Path | None:
    command = shutil.which("poetry", path=environment.get("PATH", os.defpath))
    if command:
        asking = [command, "env", "info", "--path", "--no-ansi"]
        try:
            done = subprocess.run(
                asking,
                cwd=program,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_POETRY_SECONDS,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
        return Path(done.stdout.strip()) if done.returncode == 0 and done.stdout.strip() else None
    # Without poetry only an environment inside the project can be known.
    beside = _above(program, "pyproject.toml")
    return beside / ".venv" if beside else None


def _without(project: Project, environment: Mapping[str, str]) -> Interpreter:
    return next(_others(project, environment), Interpreter(Path(sys.executable), "the one that runs preflight"))


def _others(project: Project, environment: Mapping[str, str]) -> Iterator[Interpreter]:
    active = environment.get("VIRTUAL_ENV")
    if active and Path(active).resolve() == Path(sys.prefix).resolve():
        active = None
    folders = [(Path(active), "VIRTUAL_ENV")] if active else []
    folders += [(project.root / name, "in the project's folder") for name in _USUAL]
    for folder, origin in folders:
        python = in_environment(folder.absolute())
        if python:
            yield Interpreter(python, origin)
