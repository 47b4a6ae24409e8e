"""Virtual environments that are made of the registry's packages, once for a checkout and kept in pytest's cache.

Every version is settled here or in requirements.lock, so that no release elsewhere changes what a test says. Where the
registry does not give them, the test is skipped.
"""

from __future__ import annotations

import atexit
import fcntl
import platform
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from scripts import sdks

ROOT: Final = Path(__file__).parents[2]
_TRIES: Final = 2
_TURN_SECONDS: Final = 300
_UNREACHABLE: Final = re.compile(
    r"connection|timed out|timeout|name resolution|proxy|ssl|certificate|incompleteread|\b(?:403|407|429|5\d\d)\b"
    r"|no matching distribution|could not find a version",
    re.IGNORECASE,
)
_COMMON: Final = ("debugpy==1.8.22", "dill==0.4.1", "pyyaml==6.0.3", "semver==3.1.1")
OLDEST: Final = sdks.OLDEST
NEWEST: Final = sdks.Sdk("newest", ("pulumi==3.272.0",))
_SETTLED: Final = {
    OLDEST.name: (*_COMMON, "protobuf==4.25.9", "grpcio==1.66.2", "six==1.17.0", "pip==25.3"),
    NEWEST.name: (
        *_COMMON,
        "protobuf==6.33.6",
        "grpcio==1.85.1",
        "googleapis-common-protos==1.76.0",
        "opentelemetry-api==1.45.2",
        "opentelemetry-exporter-otlp-common==0.66b2",
        "opentelemetry-exporter-otlp-proto-common==1.45.2",
        "opentelemetry-exporter-otlp-proto-grpc==1.45.2",
        "opentelemetry-instrumentation==0.66b2",
        "opentelemetry-instrumentation-grpc==0.66b2",
        "opentelemetry-proto==1.45.2",
        "opentelemetry-sdk==1.45.2",
        "opentelemetry-semantic-conventions==0.66b2",
        "packaging==26.3",
        "typing-extensions==4.16.0",
        "wrapt==2.5.2",
    ),
}
_refused: list[str] = []


def cached(config: pytest.Config, sdk: sdks.Sdk) -> Path:
    """The Python of an environment with that SDK."""
    above = _above(config)
    folder = above / f"{sdk.name}-{'-'.join(sdk.requirements)}-{platform.python_version()}"
    with _turn(above / f"{sdk.name}.lock"):
        # A link, which dangles when the Python that it was made of is gone.
        if not (folder / "bin" / "python").exists():
            shutil.rmtree(folder, ignore_errors=True)
            # Elsewhere first: what stands under the name is whole, whoever was killed or made it at the same time.
            with tempfile.TemporaryDirectory(dir=above) as work:
                made = make(Path(work) / "made", sdk.requirements, _SETTLED[sdk.name]).parents[1]
                if not folder.exists():
                    made.rename(folder)
    return folder / "bin" / "python"


def locked() -> list[str]:
    """The versions of requirements.lock, one requirement each, without their hashes."""
    text = (ROOT / "requirements.lock").read_text()
    return [line.rstrip("\\ ") for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]


def make(folder: Path, requirements: Sequence[str], constraints: Sequence[str]) -> Path:
    """The Python of a new environment. Skips the test where the registry does not give what it takes."""
    file = folder.with_name(f"{folder.name}.constraints.txt")
    file.write_text("\n".join(constraints))
    for _ in range(_TRIES if not _refused else 0):
        try:
            return sdks.make(folder, requirements, constraints=file)
        except subprocess.CalledProcessError as error:
            reason = _UNREACHABLE.search(error.stderr)
            if not reason:
                pytest.fail(f"{' '.join(requirements)} cannot be installed: {error.stderr}")
            lines = [line.strip() for line in error.stderr.splitlines() if _UNREACHABLE.search(line)]
        shutil.rmtree(folder, ignore_errors=True)
    # Said once: whoever asks next in this process does not wait for it again.
    _refused.extend([] if _refused else lines[-1:])
    pytest.skip(f"the package registry does not give {' '.join(requirements)}: {_refused[0]}")


def _above(config: pytest.Config) -> Path:
    cache_ = getattr(config, "cache", None)
    return cache_.mkdir("environments") if cache_ else _temporary()


@cache
def _temporary() -> Path:
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Path(folder.name)


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """One worker at a time, so that the others find what it made; who has waited long enough goes ahead anyhow.

    The kernel ends the lock with the process that holds it.
    """
    end = time.monotonic() + _TURN_SECONDS
    with path.open("w") as lock:
        while time.monotonic() < end:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.2)
        yield
