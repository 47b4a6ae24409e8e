"""A policy pack's process: started as the engine starts it, until it has printed its port.

What is said to it then is in `analyzer`, which needs gRPC; this much needs nothing, so that it can come first.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import policypack

from ..errors import CheckError
from . import yaml_values
from .environment import in_environment
from .process import Child

# The pack asks for an engine and none of its calls are needed: an address on which nothing listens.
_NO_ENGINE: Final = "127.0.0.1:1"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a pack may take, in seconds: until its port, for one resource, for a whole stack."""

    start: float = 60.0
    call: float = 60.0
    stack: float = 600.0


def folder_of_ours() -> Path:
    """The folder of the pack that ships with preflight."""
    return Path(policypack.__file__).parent


class Pack:
    """One pack process. Starting it returns at once; `port` waits for it."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        """Raises CheckError where `folder` is no Python policy pack."""
        self.folder = folder.absolute()
        self.limits = limits or Limits()
        self._lines: queue.Queue[str] = queue.Queue()
        command = [str(_interpreter(self.folder)), str(self.folder), _NO_ENGINE, str(self.folder)]
        try:
            self._child = Child(command, self.folder)
        except OSError as error:
            raise CheckError(f"the pack {folder} cannot be started: {error.strerror}.") from error
        self._serving = False
        self._stdout = self._child.read_lines(self._child.stdout, self._said)

    def close(self) -> None:
        """End the pack."""
        self._child.end()

    def _said(self, line: str) -> None:
        # What comes after the port is nobody's business, and must not fill the memory.
        if not self._serving:
            self._lines.put(line)

    def port(self) -> int:
        """The port the pack serves on. Raises CheckError where it prints something else, ends, or takes too long."""
        deadline = time.monotonic() + self.limits.start
        while True:
            # Asked for before the line is: a pack that prints and ends has printed.
            ended = not self._stdout.is_alive()
            with contextlib.suppress(queue.Empty):
                return self._parsed(self._lines.get(timeout=0.05))
            if ended:
                raise self.died("before it printed its port")
            if time.monotonic() > deadline:
                raise CheckError(
                    f"the pack {self.folder} printed no port within {self.limits.start:g} seconds; "
                    f"start it with `python PACK {_NO_ENGINE} PACK` to see why."
                )

    def _parsed(self, line: str) -> int:
        text = line.strip()
        if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
            self._serving = True
            return int(text)
        raise CheckError(
            f"the pack {self.folder} printed something else than its port first; let it print nothing to stdout."
        )

    def died(self, when: str) -> CheckError:
        """The error of a pack that is gone.

        What it said last is quoted only from before it had its port: later it has been told secret values.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.process.wait(0.5)
        self._child.finish_output()
        tail = () if self._serving else reversed(self._child.tail)
        said = next((line.strip() for line in tail if line.strip()), "")
        return CheckError(f"the pack {self.folder} ended {when}" + (f" ({said})" if said else "") + "; mend the pack.")


def _interpreter(folder: Path) -> Path:
    """The pack's own virtual environment where `pulumi install` has made one, else our Python."""
    path = folder / "PulumiPolicy.yaml"
    if not path.is_file():
        raise CheckError(f"{folder} has no PulumiPolicy.yaml; give the folder of a policy pack with --pack.")
    runtime = yaml_values.load(path).get("runtime")
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise CheckError(f"the pack {folder} has the runtime {name!r} and preflight runs Python packs only.")
    options = runtime.get("options") if isinstance(runtime, dict) else None
    environment = options.get("virtualenv") if isinstance(options, dict) else None
    own = in_environment(folder / environment) if isinstance(environment, str) and environment else None
    return own or Path(sys.executable)
