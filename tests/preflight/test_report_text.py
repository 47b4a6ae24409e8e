"""The report for a person, as it looks in a pipe and on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Severity
from preflight.report import Entry, Failure, Report, Subject, build
from preflight.reports import rules as listing
from preflight.reports import text

GOLDEN = Path(__file__).parent / "golden"
FIX = '        opts=pulumi.ResourceOptions(\n            additional_secret_outputs=["token"],\n        )\n'


@pytest.mark.parametrize("name", ["clean", "mixed", "broken"])
def test_golden_text(name: str, request: pytest.FixtureRequest) -> None:
    assert text.render(request.getfixturevalue(name), Severity.LOW) == (GOLDEN / f"{name}.txt").read_text()


def test_golden_text_on_a_narrow_terminal(mixed: Report) -> None:
    assert text.render(mixed, Severity.LOW, width=60, color=False) == (GOLDEN / "mixed-60.txt").read_text()


def test_a_clean_report_is_one_line(clean: Report) -> None:
    assert text.render(clean, Severity.LOW) == "infra (dev): 61 resources, 24 rules, no violations.\n"


def test_colour_only_where_it_is_wanted(mixed: Report) -> None:
    colored = text.render(mixed, Severity.LOW, width=100, color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text.render(mixed, Severity.LOW, width=100)


def test_nothing_from_a_program_reaches_the_terminal_as_a_command(mixed: Report) -> None:
    plain = text.render(mixed, Severity.LOW, width=60)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", plain)
    assert "<{%" not in plain


@pytest.mark.parametrize("width", [None, 40, 60, 200])
def test_a_fix_can_be_pasted_at_any_width(mixed: Report, width: int | None) -> None:
    assert FIX in text.render(mixed, Severity.LOW, width=width)


def test_wrapped_lines_fit(mixed: Report) -> None:
    rendered = text.render(mixed, Severity.LOW, width=60)
    assert max(len(line) for line in rendered.splitlines() if "docs:" not in line) <= 60


def test_several_subjects_are_counted_each(entry_of: Callable[..., Entry]) -> None:
    subjects = [
        Subject(kind="state", path="a.json", stack="dev", resources=1_200),
        Subject(kind="state", path="b\x1b.json", resources=1),
    ]
    report = build(subjects, rules=3, findings=[entry_of(), entry_of(path="other"), entry_of(outcome="undecided")])
    lines = text.render(report, Severity.LOW).splitlines()
    assert lines[-5:-2] == [
        "a.json (dev): 1,200 resources, 2 violations, 1 undecided",
        "b\\u001b.json: 1 resource, nothing found",
        "",
    ]
    assert lines[-2] == text.summary(report, Severity.LOW)
    assert lines[-2].startswith("2 states: 1,201 resources")


def test_undecided_findings_that_fail_are_not_no_violations(entry_of: Callable[..., Entry]) -> None:
    report = build([Subject(kind="program", path="infra")], rules=1, findings=[entry_of(outcome="undecided")])
    assert "no violations" in text.render(report, Severity.LOW)
    strict = text.render(report, Severity.LOW, strict=True)
    assert "no violations" not in strict
    assert "failed: 1 finding must be mended." in strict


@pytest.mark.parametrize(
    ("rules", "failed", "line"),
    [
        (24, False, "infra: 0 resources, 24 rules, no violations."),
        (24, True, "infra: 0 resources were checked, 24 rules."),
        (0, False, "infra: 0 resources, no rules are enabled."),
    ],
)
def test_the_summary_speaks_of_what_was_checked_only(rules: int, failed: bool, line: str) -> None:
    failures = [Failure(subject=0, kind="import", message="no")] if failed else []
    report = build([Subject(kind="program", path="infra")], rules=rules, findings=[], failures=failures)
    assert text.summary(report, Severity.LOW) == line


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (None, ["rule", "concern", "severity", "level", "title"]),
        (80, ["rule", "severity", "level"]),
        (60, ["rule", "level"]),
        (20, ["rule"]),
    ],
)
def test_rule_ids_are_never_cut(width: int | None, columns: list[str]) -> None:
    shown = listing.as_text(None, listing.levels(None), width=width).splitlines()
    assert shown[0].split() == columns
    words = {line.split()[0] for line in shown[1:] if not line.startswith(" ")}
    assert words == {rule.id for rule in RULES}


def test_the_verdict_says_what_fails(mixed: Report) -> None:
    assert "failed: 2 findings must be mended." in text.render(mixed, Severity.LOW)
    assert "failed: 1 finding must be mended." in text.render(mixed, Severity.CRITICAL)
    assert "passed" in text.render(mixed, None)
