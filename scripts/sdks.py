"""Checks one program under several versions of Python, `pulumi` and protobuf, and prints what came of it as a table.

    python scripts/sdks.py

The Pythons are those that are on PATH as `python3.N`, or that `PYTHONS` names, with blanks between. Every environment
is made anew in a temporary folder, from the registry that pip is set up with.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PROGRAM: Final = ROOT / "tests" / "data" / "sdk_program"
_MINORS: Final = range(10, 16)
# Pip gives up earlier on a registry that does not answer; this ends one that answers for ever.
_SECONDS: Final = 300
_VERSIONS: Final = """
import sys
from importlib.metadata import version
print(".".join(map(str, sys.version_info[:3])), version("pulumi"), version("protobuf"))
"""


@dataclass(frozen=True, slots=True)
class Sdk:
    """A set of packages that a program may bring."""

    name: str
    requirements: tuple[str, ...]


OLDEST: Final = Sdk("oldest", ("pulumi==3.158.0",))
NEWEST: Final = Sdk("newest", ("pulumi<4",))
# The newest SDK takes an older protobuf than the oldest SDK does.
_MATRIX: Final = (
    OLDEST,
    Sdk("protobuf-5", ("pulumi==3.200.0",)),
    Sdk("protobuf-3", ("pulumi<4", "protobuf==3.20.3")),
    NEWEST,
)


def make(
    folder: Path, requirements: Sequence[str], python: str = sys.executable, constraints: Path | None = None
) -> Path:
    """Make a virtual environment at `folder` with these packages; its Python.

    `constraints` is a file in pip's format with versions for whatever else they bring.
    Raises CalledProcessError where that fails; its `stderr` says why, such as that the registry cannot be reached.
    """
    _run([python, "-m", "venv", "--without-pip", str(folder)])
    options = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--only-binary", ":all:"]
    if constraints:
        options += ["--constraint", str(constraints)]
    _run([sys.executable, "-m", "pip", "--python", str(folder), "install", *options, *requirements])
    return folder / "bin" / "python"


def check(command: Sequence[str | Path], python: Path) -> dict[str, Any]:
    """The report of `command`, which is that of preflight, on the program when `python` runs it.

    Raises CalledProcessError where the check could not be done.
    """
    asked = [*map(str, command), "check", str(PROGRAM), "--python", str(python), "--format", "json", "--quiet"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode > 1:
        raise subprocess.CalledProcessError(done.returncode, asked, done.stdout, done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _run(command: Sequence[str]) -> str:
    # What is on PYTHONPATH would count as installed.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    options: dict[str, Any] = {"env": variables, "stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    try:
        return str(subprocess.run(command, timeout=_SECONDS, check=True, **options).stdout)
    except subprocess.TimeoutExpired as error:
        said = f"timed out after {_SECONDS} seconds"
        raise subprocess.CalledProcessError(1, command, stderr=said) from error


def _pythons() -> list[str]:
    named = os.environ.get("PYTHONS")
    found = named.split() if named else [shutil.which(f"python3.{minor}") or "" for minor in _MINORS]
    # A version manager's shim is there also for versions that are not.
    return [python for python in found if python and subprocess.run([python, "-c", ""], check=False).returncode == 0]


def _outcome(python: str, sdk: Sdk, folder: Path, expected: dict[str, Any]) -> tuple[str, str]:
    """The versions in the environment, and what came of the check."""
    try:
        made = make(folder, sdk.requirements, python)
    except subprocess.CalledProcessError as error:
        return f"{python}, {' '.join(sdk.requirements)}", f"cannot be installed: {(error.stderr or '').strip()[-200:]}"
    versions = _run([str(made), "-c", _VERSIONS]).strip()
    try:
        same = check((sys.executable, "-m", "preflight"), made) == expected
    except subprocess.CalledProcessError as error:
        return versions, f"failed: {error.stderr.strip()}"
    return versions, "same report" if same else "ANOTHER REPORT"


def main() -> int:
    """Run the matrix; 1 where a report differs from the one of this environment."""
    expected = check((sys.executable, "-m", "preflight"), Path(sys.executable))
    bad = 0
    print("| Python, pulumi, protobuf | outcome |\n|---|---|")
    for number, python in enumerate(_pythons()):
        for sdk in _MATRIX:
            with tempfile.TemporaryDirectory() as folder:
                versions, outcome = _outcome(python, sdk, Path(folder) / f"{number}-{sdk.name}", expected)
            bad += outcome != "same report"
            print(f"| {versions} | {outcome} |", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
