"""The same program under the oldest and the newest SDK, and what is said where none will do."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import environments
import pytest

import preflight.engine.inside
from scripts import sdks

ROOT = Path(__file__).parents[3]
INSIDE = Path(preflight.engine.inside.__file__).parent
PREFLIGHT = (sys.executable, "-m", "preflight")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """What is said of the program in this environment."""
    return sdks.check(PREFLIGHT, Path(sys.executable))


def test_the_program_is_a_test_of_what_it_uses(report: dict[str, Any]) -> None:
    assert {(one["rule"], one["outcome"], one["name"], one["source"]["line"]) for one in report["findings"]} == {
        ("bucket-public-acl", "violation", "site", 32),
        ("secret-literal-in-source", "violation", "thing", 53),
    }
    assert report["summary"]["resources"] == 6
    assert "apply-raised" in {one["kind"] for one in report["notices"]}
    looked = [one["source"]["line"] for one in report["notices"] if one["kind"] == "absent-folder"]
    text = (sdks.PROGRAM / "__main__.py").read_text().splitlines()
    first, last = text.index("empty = [") + 2, text.index("]")
    assert sorted(looked) == [*range(first, last + 1)]
    assert report["failures"] == []


@pytest.mark.parametrize("sdk", [environments.OLDEST, environments.NEWEST], ids=lambda sdk: sdk.name)
def test_the_report_is_the_same(sdk: sdks.Sdk, report: dict[str, Any], pytestconfig: pytest.Config) -> None:
    assert sdks.check(PREFLIGHT, environments.cached(pytestconfig, sdk)) == report


@pytest.mark.parametrize("path", sorted(INSIDE.glob("*.py")), ids=lambda path: path.name)
def test_the_part_inside_parses_where_it_runs(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 7) if path.name == "__main__.py" else (3, 10))


def python_with(folder: Path, options: str = "", **modules: str) -> Path:
    """A Python that finds these modules before all others."""
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}" exec "{sys.executable}" {options} "$@"\n')
    python.chmod(0o755)
    return python


@pytest.mark.parametrize(
    ("options", "modules", "said"),
    [
        pytest.param(
            "-S",
            {},
            "has no pulumi; install the program's packages with `pulumi install` or `{python} -m pip",
            id="none",
        ),
        pytest.param(
            "",
            {"pulumi": "raise TypeError('Descriptors cannot be created directly.\\nMore.')"},
            "the pulumi of {python} cannot be imported (TypeError: Descriptors cannot be created directly.); mend it",
            id="broken",
        ),
        pytest.param(
            "",
            {"pulumi": "import a_package_of_it"},
            "the pulumi of {python} cannot be imported (ModuleNotFoundError: No module named 'a_package_of_it')",
            id="not all of it",
        ),
        pytest.param(
            "",
            {"sitecustomize": "import sys\nsys.version_info = (3, 9, 18, 'final', 0)"},
            "{python} is Python 3.9, and programs run here from 3.10 on; choose another with --python.",
            id="an old Python",
        ),
    ],
)
def test_an_environment_that_will_not_do(tmp_path: Path, options: str, modules: dict[str, str], said: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as raised:
        sdks.check(PREFLIGHT, python_with(tmp_path, options, **modules))
    assert raised.value.returncode == 2
    (line,) = raised.value.stderr.splitlines()
    assert line.startswith("preflight: ")
    assert said.format(python=sys.executable) in line
    assert "--python" in line


def test_an_sdk_that_is_too_old(tmp_path: Path) -> None:
    information = tmp_path / "pulumi-3.80.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: pulumi\nVersion: 3.80.0\n")
    with pytest.raises(subprocess.CalledProcessError) as raised:
        sdks.check(PREFLIGHT, python_with(tmp_path, pulumi=""))
    assert raised.value.returncode == 2
    (oldest,) = sdks.OLDEST.requirements
    needed = oldest.removeprefix("pulumi==").removesuffix(".0")
    assert raised.value.stderr == (
        f"preflight: {sys.executable} has pulumi 3.80.0, and its programs run here from {needed} on; renew it with "
        f"`{sys.executable} -m pip install 'pulumi>={needed},<4'`, or choose another Python with --python.\n"
    )
