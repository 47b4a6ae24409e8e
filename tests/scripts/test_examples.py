"""`make examples`: which programs are found, what they want installed, and how outcomes are told."""

import json
from pathlib import Path

import pytest

from scripts import examples
from scripts.examples import Outcome


def test_programs_are_found_by_their_runtime(tmp_path: Path) -> None:
    for name, text in {
        "short": "name: a\nruntime: python\n",
        "deep/long": "name: b\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n",
        "other": "name: c\nruntime: nodejs\n",
        "template": "name: ${PROJECT}\nruntime: [",
        "short/venv/inner": "name: d\nruntime: python\n",
        "list": "- runtime: python\n",
    }.items():
        tmp_path.joinpath(name).mkdir(parents=True)
        tmp_path.joinpath(name, "Pulumi.yaml").write_text(text)
    assert [path.relative_to(tmp_path).as_posix() for path in examples.programs(tmp_path)] == ["deep/long", "short"]


POETRY = '[tool.poetry.dependencies]\npython = "^3.10"\na = "^1.2"\nb = "==3.0"\nc = "*"\nd = {version = "4.0"}\n'


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("requirements.txt", "b>=1,<2 # why\n\n# a\na==1\n", ("a==1", "b>=1,<2", "pulumi")),
        ("requirements.txt", "pulumi>=3\n", ("pulumi", "pulumi>=3")),
        ("pyproject.toml", '[project]\ndependencies = ["a==1"]\n', ("a==1", "pulumi")),
        ("pyproject.toml", POETRY, ("a>=1.2", "b==3.0", "c", "d==4.0", "pulumi")),
        ("README.md", "", ("pulumi",)),
    ],
    ids=["comments", "pulumi", "project", "poetry", "none"],
)
def test_requirements(tmp_path: Path, name: str, text: str, expected: tuple[str, ...]) -> None:
    tmp_path.joinpath(name).write_text(text)
    assert examples.requirements(tmp_path) == expected


def test_pins_are_dropped() -> None:
    wanted = ("a.b>=1,<2", "c[extra]==1; python_version<'4'", "-r more.txt", "d")
    assert examples.without_pins(wanted) == ("a.b", "c[extra]", "d")


def report(**parts: object) -> str:
    empty = {"summary": {"resources": 2, "unchecked_types": ["x:y:Z"]}, "findings": [], "notices": [], "failures": []}
    return json.dumps(empty | parts)


RAISED = {"kind": "apply-raised", "source": {"file": "a.py", "line": 3}, "message": "a function raised KeyError, so"}
INVENTED = {"kind": "configuration-invented", "source": None, "message": "not set"}
FAILED = {"kind": "exception", "message": "KeyError: 'x'\nmore", "detail": "tail"}


@pytest.mark.parametrize(
    ("checked", "expected"),
    [
        ((0, report(), ""), Outcome(program="p", resources=2, unchecked=("x:y:Z",))),
        (
            (1, report(notices=[RAISED, INVENTED]), ""),
            Outcome(program="p", resources=2, unchecked=("x:y:Z",), rescued=("KeyError at a.py:3",), invented=1),
        ),
        (
            (2, report(failures=[FAILED]), ""),
            Outcome(program="p", cause="exception", reason="KeyError: 'x'", resources=2, unchecked=("x:y:Z",)),
        ),
        ((2, "", "line\npreflight: no\n"), Outcome(program="p", cause="refused", reason="preflight: no")),
        (
            (None, "", ""),
            Outcome(program="p", cause="out of time", reason=f"no report after {examples.CHECK_SECONDS} s"),
        ),
    ],
    ids=["report", "rescued", "raised", "refused", "time"],
)
def test_outcomes(checked: tuple[int | None, str, str], expected: Outcome) -> None:
    assert examples.outcome("p", checked) == expected


def test_a_rule_that_failed_is_no_report() -> None:
    assert examples.outcome("p", (2, report(), "")).cause == "rule failed"


def test_the_table_counts_what_installs() -> None:
    text = examples.render(
        [
            Outcome(program="good", resources=3),
            Outcome(program="thin"),
            Outcome(program="rescued", resources=1, rescued=("KeyError at a.py:3",), unpinned=True),
            Outcome(program="bad", cause="exception", reason="KeyError: 'x'", resources=1),
            Outcome(program="absent", cause="not installed", reason="no such package"),
        ]
    )
    assert text.startswith("5 programs, 4 with packages that install, 3 reports: 75.0 %\n")
    for line in (
        "| got a report | 3 | 4 | 1 |",
        "| - applies rescued | 1 | 1 | 1 |",
        "| - no resource seen | 1 | 0 | 0 |",
        "| no report: exception | 1 | 1 | 0 |",
        "- absent: not installed: no such package",
        "- bad: exception: KeyError: 'x'",
        "- rescued: KeyError at a.py:3",
        "### No resource seen\n\n- thin\n",
        "### Pins dropped\n\n- rescued\n",
    ):
        assert line in text
