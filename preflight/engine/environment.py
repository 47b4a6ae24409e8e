"""Which Python runs the program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ..errors import CheckError
from .projects import Project


def interpreter(project: Project, asked: str | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The one asked for, else that of the project's virtual environment, else of the active one, else our own.

    A virtual environment that Pulumi.yaml names and nobody has made yet is passed over. Symbolic links stay: resolving
    them would leave the environment. Raises CheckError where the one asked for does not exist.
    """
    if asked:
        return _asked(asked)
    named = project.runtime_options.get("virtualenv")
    candidates = [(project.root / named).absolute()] if isinstance(named, str) and named else []
    if environment.get("VIRTUAL_ENV"):
        candidates.append(Path(environment["VIRTUAL_ENV"]).absolute())
    found = (in_environment(folder) for folder in candidates)
    return next((python for python in found if python), Path(sys.executable))


def in_environment(folder: Path) -> Path | None:
    """The interpreter of the virtual environment at `folder`, if there is one."""
    names = (Path("Scripts/python.exe"),) if os.name == "nt" else (Path("bin/python"), Path("bin/python3"))
    return next((folder / name for name in names if (folder / name).is_file()), None)


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
