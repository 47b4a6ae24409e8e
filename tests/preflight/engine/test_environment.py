"""Which Python runs a program, as the language host would choose it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from preflight.engine import environment, projects
from preflight.engine.check_program import Target, check_program
from preflight.engine.checks import Clock, Options, show_nowhere
from preflight.engine.environment import Interpreter
from preflight.errors import CheckError

FolderOf = Callable[..., Path]
OURS = Interpreter(Path(sys.executable), "the one that runs preflight")


def make(folder: Path) -> Path:
    """A virtual environment: its Python."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (folder / "pyvenv.cfg").touch()
    return python


def choose(folder: Path, asked: str | None = None, **variables: str) -> Interpreter:
    return environment.choose(projects.load(folder), asked, variables)


def project(**options: str) -> str:
    return json.dumps({"name": "shop", "runtime": {"name": "python", "options": options}})


def test_the_order_of_preference(program_of: FolderOf, tmp_path: Path) -> None:
    folder = program_of(project=project(virtualenv=".env"))
    active = make(tmp_path / "active")
    variables = {"VIRTUAL_ENV": str(tmp_path / "active")}
    assert choose(folder).path == OURS.path
    beside = make(folder / "venv")
    assert choose(folder).path == beside
    hidden = make(folder / ".venv")
    assert choose(folder).path == hidden
    assert choose(folder, **variables).path == active
    own = make(folder / ".env")
    assert choose(folder, **variables) == Interpreter(own, "`virtualenv` in Pulumi.yaml")
    assert choose(folder, str(tmp_path / "active")) == Interpreter(active, "--python")
    assert choose(folder, str(active)) == Interpreter(active, "--python")
    with pytest.raises(CheckError, match="--python /nowhere"):
        choose(folder, "/nowhere")


def test_that_our_own_environment_is_active_says_nothing_about_the_project(
    program_of: FolderOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = program_of()
    make(tmp_path / "ours")
    (tmp_path / "link").symlink_to(tmp_path / "ours")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "ours"))
    variables = {"VIRTUAL_ENV": str(tmp_path / "link")}
    assert choose(folder, **variables) == OURS
    beside = make(folder / ".venv")
    assert choose(folder, **variables) == Interpreter(beside, "in the project's folder")


def test_nothing_is_asked_for(program_of: FolderOf) -> None:
    assert choose(program_of()) == OURS


@pytest.mark.parametrize(
    ("options", "files", "variables", "where"),
    [
        pytest.param({"toolchain": "pip", "virtualenv": "env"}, [], {}, "shop/env", id="pip"),
        pytest.param({"toolchain": "uv"}, [], {}, "shop/.venv", id="uv alone"),
        pytest.param({"toolchain": "uv"}, ["shop/pyproject.toml"], {}, "shop/.venv", id="uv, a project"),
        pytest.param({"toolchain": "uv"}, ["pyproject.toml"], {}, ".venv", id="uv, a project above"),
        pytest.param({"toolchain": "uv"}, ["uv.lock", "shop/pyproject.toml"], {}, ".venv", id="uv, a workspace above"),
        pytest.param({"toolchain": "uv", "virtualenv": "env"}, ["uv.lock"], {}, "shop/env", id="uv, named"),
        pytest.param(
            {"toolchain": "uv"}, ["uv.lock"], {"UV_PROJECT_ENVIRONMENT": "there"}, "there", id="uv, from a variable"
        ),
        pytest.param({}, ["uv.lock"], {}, ".venv", id="found by uv.lock"),
        pytest.param({}, ["shop/poetry.lock", "shop/pyproject.toml"], {}, "shop/.venv", id="found by poetry.lock"),
        pytest.param({"toolchain": "poetry"}, ["pyproject.toml"], {}, ".venv", id="poetry, a project above"),
        pytest.param(
            {"toolchain": "poetry", "virtualenv": "env"}, ["shop/pyproject.toml"], {}, "shop/.venv", id="poetry, named"
        ),
        pytest.param({"toolchain": "pip", "virtualenv": "env"}, ["uv.lock"], {}, "shop/env", id="pip and uv.lock"),
    ],
)
def test_the_environment_of_a_toolchain(
    program_of: FolderOf,
    tmp_path: Path,
    options: Mapping[str, str],
    files: list[str],
    variables: Mapping[str, str],
    where: str,
) -> None:
    folder = program_of(project=project(**options))
    for file in files:
        (tmp_path / file).touch()
    absent = choose(folder, PATH="", **variables)
    assert absent.path == OURS.path
    assert str(tmp_path / where) in absent.missing
    made = make(tmp_path / where)
    chosen = choose(folder, PATH="", VIRTUAL_ENV=str(tmp_path), **variables)
    assert (chosen.path, chosen.missing) == (made, "")


def test_poetry_is_asked_and_installs_nothing(program_of: FolderOf, tmp_path: Path) -> None:
    folder = program_of(project=project(toolchain="poetry"))
    made = make(tmp_path / "cache" / "shop-py3")
    commands = tmp_path / "commands"
    commands.mkdir()
    poetry = commands / "poetry"
    poetry.write_text(f'#!/bin/sh\necho "$PWD $*" >> "{tmp_path}/asked"\necho "{made.parent.parent}"\n')
    poetry.chmod(0o755)
    path = f"{commands}{os.pathsep}{os.defpath}"
    assert choose(folder, PATH=path) == Interpreter(made, "the toolchain poetry")
    assert (tmp_path / "asked").read_text() == f"{folder} env info --path --no-ansi\n"
    poetry.write_text("#!/bin/sh\nexit 1\n")
    absent = choose(folder, PATH=path)
    assert absent.path == OURS.path
    assert absent.missing.startswith("the toolchain poetry asks for an environment nobody made; ")


def test_a_toolchain_that_there_is_not(program_of: FolderOf) -> None:
    with pytest.raises(CheckError, match="the toolchain 'pipenv'; there are pip, poetry, uv"):
        choose(program_of(project=project(toolchain="pipenv")))


def check(folder: Path, **target: str) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    printed: list[str] = []
    clock = Clock()
    report = check_program(Target(program=folder, **target), Options(show=printed.append), clock)
    assert report.failures == ()
    return [(one.kind, one.message) for one in report.notices], printed, [phase for phase, _ in clock.phases]


def test_an_environment_that_is_not_there_is_said(program_of: FolderOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    folder = program_of("", project=project(virtualenv="venv"))
    notices, _, phases = check(folder)
    ((kind, message),) = notices
    assert kind == "environment"
    assert message == (
        f"`virtualenv` in Pulumi.yaml asks for the environment {folder}/venv, which has no Python; {sys.executable} "
        "(the one that runs preflight) ran the program instead; make it with `pulumi install`, or choose one with "
        "--python"
    )
    assert phases[0] == f"start the pack and {sys.executable} (the one that runs preflight)"


def test_the_environment_is_active_for_the_program(program_of: FolderOf) -> None:
    folder = program_of("import os, shutil\nprint(os.environ['VIRTUAL_ENV'], shutil.which('python'))\n")
    made = folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made)], check=True)
    # The packages of the environment of the tests, which is none of this one's.
    (next(made.glob("lib/python*/site-packages")) / "more.pth").write_text("\n".join(sys.path))
    _, printed, _ = check(folder, python=str(made))
    assert printed == [f"{made} {made}/bin/python"]
    assert environment.activated(made / "bin" / "python", {"PYTHONHOME": "x", "PATH": "y"}) == {
        "VIRTUAL_ENV": str(made),
        "PATH": f"{made}/bin{os.pathsep}y",
    }
    assert environment.activated(Path("/usr/bin/python3"), {"PATH": "y"}) == {"PATH": "y"}


def test_what_is_missing_is_named_with_the_interpreter(program_of: FolderOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    report = check_program(Target(program=program_of("import pulumi_nowhere\n")), Options(show=show_nowhere), Clock())
    (failure,) = report.failures
    assert failure.message == (
        "ModuleNotFoundError: No module named 'pulumi_nowhere' (at __main__.py:1); install what is missing for "
        f"{sys.executable}, or choose another Python with --python."
    )
