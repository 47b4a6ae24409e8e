"""What happens when readers go away, streams are closed and signals come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FolderOf = Callable[..., Path]
CHATTY = "for number in range(200_000):\n    print('line', number)\n"
COMMAND = f"{sys.executable} -m preflight"


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("streams", "status"),
    [
        pytest.param("2>&1 | head -2; exit ${PIPESTATUS[0]}", 2, id="a reader that has seen enough"),
        pytest.param("2>/dev/full", 0, id="no room for what it prints"),
        pytest.param("2>&-", 0, id="standard error closed"),
    ],
)
def test_a_program_that_prints_more_than_anybody_reads(program_of: FolderOf, streams: str, status: int) -> None:
    assert shell(f"{COMMAND} check {program_of(CHATTY)} {streams}").returncode == status


@pytest.mark.parametrize("command", ["rules", "rules --help", "state tests/data/transcripts/state.json"])
def test_no_room_on_standard_output(command: str) -> None:
    done = shell(f"{COMMAND} {command} >/dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith("preflight: cannot write to standard output: No space left")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["rules", "state tests/data/transcripts/state.json"])
def test_standard_output_closed(command: str) -> None:
    done = shell(f"{COMMAND} {command} >&-")
    assert done.returncode == 2
    assert done.stderr.startswith("preflight: standard output is closed")
    assert len(done.stderr.splitlines()) == 1


def _gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_everything_with_one_line(program_of: FolderOf, number: signal.Signals) -> None:
    main = """
        import os, subprocess, sys, time
        child = subprocess.Popen(["sleep", "60"])
        print(os.getpid(), child.pid)
        time.sleep(60)
    """
    command = [sys.executable, "-m", "preflight", "check", str(program_of(main))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        started = [int(word) for word in running.stderr.readline().split()]
        packs = [int(name) for name in _children(running.pid)]
        running.send_signal(number)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (2, "", "preflight: interrupted; nothing was decided.\n")
    assert len(packs) == 2
    deadline = time.monotonic() + 10
    while not all(map(_gone, (*started, *packs))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(map(_gone, (*started, *packs)))


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


@pytest.mark.parametrize("seconds", [0.25, 0.35, 0.45, 0.6])
def test_a_signal_at_any_time_leaves_nobody_behind(program_of: FolderOf, seconds: float) -> None:
    folder = program_of("import time\ntime.sleep(60)\n")
    command = [sys.executable, "-m", "preflight", "check", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(seconds)
        children = _children(running.pid)
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=30)
    assert out == ""
    # Before the command's own first line the system ends it, and then there are no children.
    assert running.returncode == 2 or (running.returncode == -signal.SIGTERM and children == [])
    deadline = time.monotonic() + 10
    while not all(_gone(int(name)) for name in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(_gone(int(name)) for name in children)


@pytest.mark.parametrize(
    "main",
    [
        pytest.param("while True:\n    pass", id="busy"),
        pytest.param("signal.pause()", id="waits"),
    ],
)
def test_an_interrupt_ends_a_program_that_ignores_signals(program_of: FolderOf, main: str) -> None:
    ignoring = "import os, signal\nfor n in (15, 2, 1):\n    signal.signal(n, signal.SIG_IGN)\n"
    command = [sys.executable, "-m", "preflight", "check", str(program_of(f"{ignoring}print(os.getpid())\n{main}\n"))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        program = int(running.stderr.readline())
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (2, "", "preflight: interrupted; nothing was decided.\n")
    deadline = time.monotonic() + 10
    while not _gone(program) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _gone(program)


def test_a_stock_pack_gives_its_port_whatever_the_environment(program_of: FolderOf, pack_of: FolderOf) -> None:
    folder = program_of("import pulumi\npulumi.export('x', 1)\n")
    pack = pack_of(
        """
        from pulumi_policy import *
        PolicyPack("own", [ResourceValidationPolicy("every", "Every", lambda args, report: None)])
        """
    )
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-m", "preflight", "check", str(folder), "--pack", str(pack)],
        cwd=ROOT, env=variables, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
