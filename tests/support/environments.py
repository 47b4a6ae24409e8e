"""Virtual environments that are made once for a checkout and kept in pytest's cache, whatever worker asks first."""

from __future__ import annotations

import fcntl
import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import sdks

_UNREACHABLE = re.compile(r"connection|timed out|name resolution|proxy", re.IGNORECASE)


def cached(config: pytest.Config, sdk: sdks.Sdk) -> Path:
    """The Python of an environment with that SDK. Skips the test where the registry cannot be reached."""
    folder = config.cache.mkdir("environments") / f"{sdk.name}-{'-'.join(sdk.requirements)}-{platform.python_version()}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder, *sdk.requirements)
            (folder / "ready").touch()
    return folder / "bin" / "python"


def make(folder: Path, *requirements: str) -> Path:
    """The Python of a new environment. Skips the test where the registry cannot be reached."""
    try:
        return sdks.make(folder, requirements)
    except subprocess.CalledProcessError as error:
        if _UNREACHABLE.search(error.stderr):
            pytest.skip(f"the package registry cannot be reached: {error.stderr.strip().splitlines()[0]}")
        raise
