"""The wheel, installed with what it depends on in an empty environment, away from the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import environments
import pytest

from scripts import sdks

ROOT = Path(__file__).parents[2]
STATE = ROOT / "tests" / "data" / "transcripts" / "state.json"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = folder.glob("*.whl")
    return environments.make(folder / "environment", [str(wheel)], environments.locked()).parent


@pytest.fixture(scope="module")
def run(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a command of the environment where nothing of the checkout is in reach."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run_there(command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(installed / command), *map(str, arguments)],
            cwd=elsewhere, env={"PATH": "/usr/bin:/bin", "HOME": str(elsewhere)},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    return run_there


def ours(*arguments: object) -> str:
    command = [sys.executable, "-m", "preflight", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False).stdout


def test_nothing_is_imported_from_the_checkout(run: Run, installed: Path) -> None:
    done = run(
        "python", "-c", "import preflight, policypack.guardrails as pack; print(preflight.__file__, pack.__file__)"
    )
    assert all(file.startswith(str(installed.parent)) for file in done.stdout.split())
    assert len(done.stdout.split()) == 2


def test_a_program_is_checked_with_the_sdk_that_it_brings(run: Run, pytestconfig: pytest.Config) -> None:
    python = environments.cached(pytestconfig, environments.OLDEST)
    done = run("preflight", "check", sdks.PROGRAM, "--python", python, "--format", "json")
    expected = sdks.check((sys.executable, "-m", "preflight"), Path(sys.executable))
    assert (done.returncode, json.loads(done.stdout)) == (1, expected)


def test_the_rules_are_listed(run: Run) -> None:
    assert run("preflight", "rules", "--format", "json").stdout == ours("rules", "--format", "json")


def test_a_state_is_checked(run: Run) -> None:
    done = run("preflight", "state", STATE, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (1, json.loads(ours("state", STATE, "--format", "json")))
