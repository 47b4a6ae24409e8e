"""Programs that do not simply run to their end: what is reported, with all that was declared before."""

from __future__ import annotations

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
        super().__init__("aws:s3/bucket:Bucket", name, inputs)
bucket = Bucket("data", acl="public-read")
"""


def check(folder: Path, timeout: float = 60.0, **target: object) -> Report:
    (folder / "broken.py").write_text("a = 1\nb = = 2\n")
    (folder / "work.py").write_text("def double(x):\n    return 2 * x\n")
    options = Options(show=show_nowhere, timeout=timeout)
    return check_program(Target(program=folder, **target), options, Clock())  # type: ignore[arg-type]


def found(report: Report) -> bool:
    return ("bucket-public-acl", "data") in {(one.rule, one.name) for one in report.findings}


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
        pytest.param("import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()", id="a thread"),
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


@pytest.mark.parametrize(
    ("main", "where"),
    [
        pytest.param("import time\ndef wait():\n    time.sleep(60)\nwait()", " (at __main__.py:8)", id="asleep"),
        pytest.param("while True:\n    pulumi.log.info('x')", " (at __main__.py:7)", id="never ends to log"),
        pytest.param("import asyncio\nbucket.urn.apply(lambda urn: asyncio.sleep(60))", "", id="awaits"),
    ],
)
def test_a_program_that_hangs(program_of: FolderOf, main: str, where: str) -> None:
    report = check(program_of(BUCKET + main + "\n"), timeout=4.0)
    (failure,) = report.failures
    assert failure.kind == "timeout"
    said = "the program was not through after 4 seconds"
    assert failure.message.startswith(said)
    assert failure.message.endswith(f"{where}; see what it waits for, or give it longer with --timeout.")
    assert found(report)


def test_a_program_that_hangs_and_does_not_listen(program_of: FolderOf) -> None:
    main = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)\n"
    (failure,) = check(program_of(main), timeout=3.0).failures
    assert (failure.kind, "(at __main__.py:3)" in failure.message) == ("timeout", True)
