"""Programs that do not simply run to their end: what is reported, with all that was declared before."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.engine.check_program import Target, check_program
from preflight.engine.checks import Clock, Options, show_nowhere
from preflight.report import Report

FolderOf = Callable[..., Path]

# Five lines, so that what comes after begins at the sixth.
BUCKET = """import pulumi
class Bucket(pulumi.CustomResource):
    def __init__(self, name, **inputs):
        super().__init__("oci:ObjectStorage/bucket:Bucket", name, inputs)
bucket = Bucket("data", accessType="ObjectRead")
"""


# What raises whenever it is looked at.
MUTE = """class Mute(BaseException):
    def no(*_): raise RuntimeError("no")
    __str__ = __repr__ = __eq__ = no
    __hash__ = BaseException.__hash__
"""


def check(folder: Path, timeout: float = 300.0, **target: object) -> Report:
    (folder / "broken.py").write_text("a = 1\nb = = 2\n")
    (folder / "work.py").write_text("def double(x):\n    return 2 * x\n")
    options = Options(show=show_nowhere, timeout=timeout)
    return check_program(Target(program=folder, **target), options, Clock())  # type: ignore[arg-type]


def found(report: Report) -> bool:
    return ("oci-bucket-public-access", "data") in {(one.rule, one.name) for one in report.findings}


@pytest.mark.parametrize(
    ("main", "kind", "said"),
    [
        pytest.param("import broken", "exception", "SyntaxError: invalid syntax (broken.py, line 2)", id="syntax"),
        pytest.param("from os import no", "import", "ImportError: cannot import name 'no' from 'os'", id="name"),
        pytest.param(
            "raise ExceptionGroup('both', [ValueError(1), KeyError(2)])",
            "exception",
            "ExceptionGroup: both (2 sub-exceptions) (at __main__.py:6)",
            id="group",
        ),
        pytest.param(
            "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('two') from error",
            "exception",
            "ValueError: two (at __main__.py:9)",
            id="chain",
        ),
        pytest.param("f = lambda n: f(n + 1)\nf(0)", "exception", "RecursionError: maximum", id="recursion"),
        pytest.param("bytearray(10**15)", "exception", "MemoryError (at __main__.py:6)", id="memory"),
        pytest.param(
            "class Stop(BaseException): pass\nraise Stop('now')", "exception", "Stop: now (at __main__.py:7)", id="base"
        ),
        pytest.param("raise pulumi.RunError('say it')", "exception", "say it (at __main__.py:6)", id="for users"),
        pytest.param(
            "async def work():\n    raise ValueError('no')\nBucket('two', acl=work())",
            "exception",
            "(at __main__.py:7)",
            id="in an input",
        ),
        pytest.param(
            "raise ValueError(pulumi.Config().require('key'))", "exception", "ValueError: [secret] (at", id="a secret"
        ),
        pytest.param("import sys\nsys.exit(3)", "exit", "ended itself with 3", id="exit"),
        pytest.param("import sys\nsys.exit('bad luck')", "exit", "ended itself with 'bad luck'", id="exit with words"),
        pytest.param(
            "import sys\nbucket.urn.apply(lambda urn: sys.exit(4))", "exit", "ended itself with 4", id="exit in apply"
        ),
        pytest.param(MUTE + "raise Mute()", "exception", "Mute: <Mute that cannot be shown> (at", id="no text"),
        pytest.param(
            MUTE + "raise Mute() from Mute()", "exception", "Mute: <Mute that cannot be shown> (at", id="no equality"
        ),
        pytest.param(
            MUTE + "import sys\nsys.exit(Mute())", "exit", "ended itself with <Mute that cannot", id="exit with no text"
        ),
        pytest.param(
            "import sys\nsys.exit(pulumi.Config().require('key'))",
            "exit",
            "ended itself with '[secret]'",
            id="exit with a secret",
        ),
    ],
)
def test_a_program_that_fails(program_of: FolderOf, main: str, kind: str, said: str) -> None:
    stack = "config:\n  shop:key: the-value-of-the-key\n"
    report = check(program_of(BUCKET + main + "\n", dev=stack))
    (failure,) = report.failures
    assert failure.kind == kind
    assert said in failure.message
    assert "the-value" not in failure.message + failure.detail
    assert "preflight/engine/inside" not in failure.detail
    assert found(report)


@pytest.mark.parametrize(
    "main",
    [
        pytest.param("import sys\nsys.exit(0)", id="exit"),
        pytest.param("import sys\nbucket.urn.apply(lambda urn: sys.exit(0))", id="exit in apply"),
        pytest.param("import threading\nthreading.Thread(target=lambda: 1 / 0).start()", id="a thread raises"),
        pytest.param(
            "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()", id="a thread"
        ),
        pytest.param("import os\nos.chdir('/')", id="another folder"),
        pytest.param("import os, sys\nsys.stdout.close()\nsys.stderr.close()\nos.close(1)\nos.close(2)", id="closed"),
        pytest.param("for _ in range(50):\n    print('x' * 100_000)", id="megabytes"),
        pytest.param("import os\nif os.fork() == 0:\n    os._exit(0)\nos.wait()", id="fork"),
        pytest.param("import os\nif os.fork() == 0:\n    raise SystemExit(0)\nos.wait()", id="fork that goes on"),
        pytest.param("import multiprocessing, work\nmultiprocessing.Pool(1).map(work.double, [1])", id="pool"),
        pytest.param(
            "import multiprocessing as m, work\n"
            "if __name__ == '__main__':\n    m.get_context('spawn').Pool(1).map(work.double, [1])",
            id="spawned pool",
        ),
        pytest.param(
            "import signal\nfor n in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):\n"
            "    signal.signal(n, lambda *_: None)",
            id="signal handlers",
        ),
        pytest.param("import warnings\nwarnings.warn('mind')", id="warnings"),
    ],
)
def test_a_program_that_does_not_fail(program_of: FolderOf, main: str) -> None:
    report = check(program_of(BUCKET + main + "\n"))
    assert report.failures == ()
    assert found(report)


def check_hanging(folder: Path, **target: object) -> tuple[Report, str]:
    """The report, and the deadline in it. A program that was not `there` in half of the time gets more of it."""
    there = folder / "there"
    for timeout in (3, 15, 75, 375):
        there.unlink(missing_ok=True)
        start = time.time()
        report = check(folder, timeout=timeout, **target)
        if there.exists() and there.stat().st_mtime < start + timeout / 2:
            break
    return report, f"the program was not through after {timeout} seconds"


THERE = "import pathlib, time\npathlib.Path('there').touch()\n"


@pytest.mark.parametrize(
    ("main", "where"),
    [
        pytest.param("def wait():\n    time.sleep(3600)\nwait()", " (at __main__.py:9)", id="asleep"),
        pytest.param("while True:\n    pulumi.log.info('x')", " (at __main__.py:9)", id="never ends to log"),
        pytest.param("import asyncio\nbucket.urn.apply(lambda urn: asyncio.sleep(3600))", "", id="awaits"),
    ],
)
def test_a_program_that_hangs(program_of: FolderOf, main: str, where: str) -> None:
    report, said = check_hanging(program_of(BUCKET + THERE + main + "\n"))
    (failure,) = report.failures
    assert failure.kind == "timeout"
    assert failure.message.startswith(said)
    assert failure.message.endswith(f"{where}; see what it waits for, or give it longer with --timeout.")
    assert found(report)


def test_a_program_that_hangs_and_does_not_listen(program_of: FolderOf) -> None:
    main = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(3600)\n"
    report, _ = check_hanging(program_of(THERE + main))
    (failure,) = report.failures
    assert (failure.kind, "(at __main__.py:5)" in failure.message) == ("timeout", True)


def test_a_python_behind_a_script_is_asked_where_it_hangs(program_of: FolderOf, tmp_path: Path) -> None:
    """The script does not give its process to Python; the signal would end it."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\n"{sys.executable}" "$@"\nexit $?\n')
    script.chmod(0o755)
    report, _ = check_hanging(program_of(THERE + "time.sleep(3600)\n"), python=str(script))
    (failure,) = report.failures
    assert (failure.kind, "(at __main__.py:3)" in failure.message) == ("timeout", True)


def test_a_python_that_still_starts_is_not_asked_where_it_is(program_of: FolderOf, tmp_path: Path) -> None:
    """A shell that is asked ends by the signal, and does not end the program in its own way."""
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\ntrap 'touch {tmp_path}/asked' USR1\nwhile :; do sleep 0.1; done\n")
    script.chmod(0o755)
    (failure,) = check(program_of(), timeout=2, python=str(script)).failures
    assert failure.kind == "timeout"
    assert not (tmp_path / "asked").exists()


@pytest.mark.parametrize(
    "main",
    [
        pytest.param("import json\njson.dumps = None\n", id="json"),
        pytest.param("import builtins\ndel builtins.isinstance, builtins.len\n", id="builtins"),
    ],
)
def test_a_program_that_takes_python_apart(program_of: FolderOf, main: str) -> None:
    shown: list[str] = []
    options = Options(show=shown.append)
    report = check_program(Target(program=program_of(BUCKET + main)), options, Clock())
    (failure,) = report.failures
    assert failure.kind == "died"
    assert "may have replaced or removed a part of Python" in failure.message
    assert "Traceback" not in "".join(shown)
