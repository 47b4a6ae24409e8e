"""A copy of the tree for scripts to change, and the scripts as modules."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load(name: str) -> ModuleType:
    spec = spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def docs() -> ModuleType:
    return load("docs")


@pytest.fixture(scope="session")
def new_rule() -> ModuleType:
    return load("new_rule")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What `make rule` and the tests of a rule need of the tree, without its rule tests."""
    ignored = shutil.ignore_patterns("__pycache__", "venv")
    for folder in ("policypack", "scripts", "tests/support"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    tmp_path.joinpath("tests/guardrails/rules").mkdir(parents=True)
    for file in ("pyproject.toml", "tests/guardrails/test_catalogue.py"):
        shutil.copyfile(ROOT / file, tmp_path / file)
    return tmp_path


@pytest.fixture
def run(tree: Path) -> Callable[[Sequence[str]], subprocess.CompletedProcess[str]]:
    """Runs Python with these arguments in the copy, on the copy's own packages."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST"):
        environment.pop(name, None)

    def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
