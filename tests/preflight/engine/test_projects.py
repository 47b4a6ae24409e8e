"""Projects and their stacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.engine import projects
from preflight.errors import CheckError

FolderOf = Callable[..., Path]


@pytest.mark.parametrize("runtime", ["runtime: python", "runtime: {name: python, options: {virtualenv: venv}}"])
def test_both_spellings_of_the_runtime(program_of: FolderOf, runtime: str) -> None:
    folder = program_of(project=f"name: shop\n{runtime}\n")
    assert projects.load(folder).name == "shop"
    assert projects.load(folder / "Pulumi.yaml").root == folder


@pytest.mark.parametrize(
    ("project", "message"),
    [
        pytest.param("name: x\nruntime: nodejs\n", "`preflight state`", id="another language"),
        pytest.param("name: x\nruntime: {name: go}\n", "'go'", id="another language, long form"),
        pytest.param("runtime: python\n", "has no name", id="no name"),
        pytest.param("name: x\nruntime: python\nmain: src\n", "main: src", id="main that is not there"),
        pytest.param(
            "name: x\nruntime: python\nconfig: {k: {secret: true, default: a}}\n", "'k' a default", id="secret default"
        ),
    ],
)
def test_a_project_that_cannot_be_run(program_of: FolderOf, project: str, message: str) -> None:
    with pytest.raises(CheckError, match=message):
        projects.load(program_of(project=project))


def test_a_folder_without_a_project(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=r"has no Pulumi\.yaml"):
        projects.load(tmp_path)
    with pytest.raises(CheckError, match="does not exist"):
        projects.load(tmp_path / "none")


@pytest.mark.parametrize(("main", "expected"), [("src", "src"), ("src/app.py", "src"), ("", ".")])
def test_the_program_runs_in_the_folder_of_main(program_of: FolderOf, main: str, expected: str) -> None:
    folder = program_of(project=f"name: x\nruntime: python\nmain: {main}\n")
    (folder / "src").mkdir()
    (folder / "src" / "app.py").touch()
    assert projects.load(folder).folder == folder / expected


@pytest.mark.parametrize("key", ["stackConfigDir: stacks", "config: stacks"])
def test_stack_files_in_a_folder_of_their_own(program_of: FolderOf, key: str) -> None:
    folder = program_of(project=f"name: x\nruntime: python\n{key}\n")
    (folder / "stacks").mkdir()
    (folder / "stacks" / "Pulumi.live.yaml").touch()
    project = projects.load(folder)
    assert project.stacks() == ["live"]
    assert project.stack_file("live") == folder / "stacks" / "Pulumi.live.yaml"
    assert project.stack_file("other") is None


@pytest.mark.parametrize(
    ("files", "asked", "variable", "expected"),
    [
        pytest.param([], None, None, "dev", id="none: dev"),
        pytest.param(["live"], None, None, "live", id="the only one"),
        pytest.param(["live"], None, "test", "live", id="the only one before PULUMI_STACK"),
        pytest.param(["live", "test"], None, "test", "test", id="PULUMI_STACK"),
        pytest.param(["dev", "live"], None, None, "dev", id="dev among several"),
        pytest.param(["live", "test"], "other", None, "other", id="the one asked for"),
    ],
)
def test_choice_of_the_stack(
    program_of: FolderOf, files: list[str], asked: str | None, variable: str | None, expected: str
) -> None:
    project = projects.load(program_of(**dict.fromkeys(files, "")))
    chosen = projects.choose_stack(project, asked, {"PULUMI_STACK": variable} if variable else {})
    assert chosen == projects.StackName("organization", expected)


def test_several_stacks_and_nothing_that_chooses(program_of: FolderOf) -> None:
    project = projects.load(program_of(live="", test=""))
    with pytest.raises(CheckError, match="live, test; choose one with `--stack NAME`"):
        projects.choose_stack(project, None, {})


@pytest.mark.parametrize(("written", "organization"), [("acme/live", "acme"), ("acme/shop/live", "acme")])
def test_a_stack_may_name_its_organization(program_of: FolderOf, written: str, organization: str) -> None:
    assert projects.choose_stack(projects.load(program_of()), written, {}) == projects.StackName(organization, "live")
