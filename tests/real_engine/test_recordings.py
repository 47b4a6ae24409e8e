"""The recordings in tests/data/recordings are what the real engine says of the programs in tests/data/programs.

Runs where `pulumi` is on PATH. A few programs by default; with REAL_ENGINE_ALL set, all. With RECORD set, the
recordings are written anew.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Final

import faithful
import pytest
from real_preview import Engine

pytestmark = pytest.mark.skipif(shutil.which("pulumi") is None, reason="no `pulumi` on PATH: a real preview needs it")

FEW: Final = ("components", "explicit-providers", "hooks", "options", "transforms")
CHOSEN: Final = faithful.NAMES if os.environ.get("REAL_ENGINE_ALL") or os.environ.get("RECORD") else FEW


@pytest.fixture(scope="session")
def recording_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The `pulumi` of PATH, with a pack that writes down what it is sent."""
    return Engine(tmp_path_factory.mktemp("recording"), faithful.PACK)


@pytest.mark.parametrize("name", CHOSEN)
def test_the_engine_says_what_was_recorded(recording_engine: Engine, name: str, tmp_path: Path) -> None:
    said = faithful.recorded(recording_engine, name, tmp_path)
    file = faithful.RECORDINGS / f"{name}.json"
    if os.environ.get("RECORD"):
        file.write_text(json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    recording = json.loads(file.read_text())
    assert (said["failed"], said["errors"], said["logged"]) == tuple(
        recording[key] for key in ("failed", "errors", "logged")
    )
    # What had been sent when a preview failed is a matter of time.
    if not said["failed"]:
        assert said["analyze"] == recording["analyze"]
        assert said["stack"] == recording["stack"]
