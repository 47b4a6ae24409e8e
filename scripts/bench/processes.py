"""Processes that are timed and weighed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

from .figures import BenchError

ROOT: Final = Path(__file__).parents[2]
_NO_ENGINE: Final = "127.0.0.1:1"

_STOCK_PACK: Final = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def nothing(args, report_violation):
    pass

PolicyPack(
    name="stock",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[ResourceValidationPolicy(name="nothing", description="Nothing.", validate=nothing)],
)
"""

# Runs a command and prints seconds, peak memory in kB of its largest process, the peak of all its processes together
# (pages that several share counted once; 0 where the system has no /proc), and exit status. A process of its own, and a
# small one: until a child has loaded its program it counts the memory of its parent as its own.
_LAUNCHER: Final = """
import os, sys, time

def together(process):
    try:
        with open(f"/proc/{process}/smaps_rollup") as lines:
            own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        with open(f"/proc/{process}/task/{process}/children") as children:
            return own + sum(map(together, children.read().split()))
    except (OSError, ValueError):
        return 0

null = os.open(os.devnull, os.O_RDWR)
began = time.perf_counter()
child = os.posix_spawn(
    sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, number) for number in range(3)]
)
peak, ended, look = 0, 0, 1.0
while not ended:
    time.sleep(0.005)
    if time.perf_counter() - began > look:
        # Looking takes the system a while for a large process: not more often than this.
        look += 0.5
        peak = max(peak, together(child))
    ended, status, usage = os.wait4(child, os.WNOHANG)
print(time.perf_counter() - began, usage.ru_maxrss, peak, os.waitstatus_to_exitcode(status))
"""


def alternate(sides: Sequence[Callable[[], float]], runs: int) -> list[float]:
    """The median of `runs` of each side, in turns, after one of each that warms the caches up."""
    for side in sides:
        side()
    times = [[side() for side in sides] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


@contextmanager
def started(pack: Path) -> Iterator[tuple[str, float]]:
    """A pack in a process of its own, started as the engine does: its port, and the seconds until it was there."""
    command = [sys.executable, "-u", str(pack), _NO_ENGINE, str(pack)]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=pack, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe, as asked for above
        try:
            port = process.stdout.readline().strip().decode()
            seconds = time.perf_counter() - began
            if not port.isdigit():
                raise BenchError(f"the pack {pack} printed no port")
            yield port, seconds
        finally:
            process.kill()


def start_to_port(pack: Path) -> float:
    """Seconds from starting a pack until its port can be read."""
    with started(pack) as (_, seconds):
        return seconds


@contextmanager
def connected(pack: Path) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """A started pack to send requests to."""
    with started(pack) as (port, _), grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield analyzer_pb2_grpc.AnalyzerStub(channel)


@contextmanager
def stock_pack() -> Iterator[Path]:
    """A folder with a pack of one policy that does nothing."""
    with TemporaryDirectory() as folder:
        stock = Path(folder)
        stock.joinpath("PulumiPolicy.yaml").write_text("runtime: python\n", encoding="utf-8")
        stock.joinpath("__main__.py").write_text(_STOCK_PACK, encoding="utf-8")
        yield stock


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: wall seconds, and in MB the peak of the largest process among it and its children.

    `all_megabytes` is the peak of all of them together, looked at twice a second; 0 where the system does not say.
    """

    seconds: float
    megabytes: float
    all_megabytes: float = 0.0


def run(command: Sequence[str]) -> Spent:
    """Run a Python command to its end. Raises BenchError where it does not end with status 0."""
    launched = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, sys.executable, *command],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kilobytes, all_kilobytes, status = launched.stdout.split()
    if status != "0":
        raise BenchError(f"`python {' '.join(command)}` ended with status {status}; run it to see why")
    # macOS counts in bytes, Linux in kilobytes.
    megabytes = float(kilobytes) / (2**20 if sys.platform == "darwin" else 2**10)
    return Spent(float(seconds), megabytes, float(all_kilobytes) / 2**10)


def environment() -> dict[str, str]:
    """The environment of every process that is timed."""
    # The passphrase of the demonstration stack; the folder is for a checkout that is not installed.
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    ours = {"PULUMI_CONFIG_PASSPHRASE": "dev", **os.environ, "PYTHONPATH": path}
    # Warm means with the byte code that the run before has written.
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours
