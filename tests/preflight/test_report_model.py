"""Exit status, order, fingerprints and the form of the JSON report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_schema import SCHEMA

from policypack.guardrails.findings import Severity
from preflight import __version__
from preflight import report as reports
from preflight.report import Entry, Report, Subject, as_json, build, default_provider
from preflight.reports import json as json_report

EntryOf = Callable[..., Entry]


@pytest.mark.parametrize("name", ["clean", "mixed", "broken"])
def test_json_report_has_the_form_of_version_1(name: str, request: pytest.FixtureRequest) -> None:
    jsonschema.validate(json.loads(json_report.render(request.getfixturevalue(name))), SCHEMA)


def test_json_report_is_plain_ascii(mixed: Report) -> None:
    text = json_report.render(mixed)
    assert text.isascii()
    assert "\x1b" not in text


def test_counts_are_by_outcome(mixed: Report) -> None:
    summary = as_json(mixed)["summary"]
    assert summary == {
        "resources": 61,
        "rules": 24,
        "violations": 4,
        "undecided": 1,
        "waived": 1,
        "errors": 0,
        "unchecked_types": ["awsx:ec2:Vpc"],
    }


@pytest.mark.parametrize(
    ("changes", "fail_on", "strict", "status"),
    [
        pytest.param({}, "low", False, 1, id="a mandatory violation fails"),
        pytest.param({"enforcement": "advisory"}, "low", True, 0, id="an advisory one never does"),
        pytest.param({"enforcement": "remediate"}, "low", True, 0, id="a mended one does not"),
        pytest.param({"severity": "medium"}, "high", False, 0, id="below the threshold"),
        pytest.param({"severity": "high"}, "high", False, 1, id="at the threshold"),
        pytest.param({"severity": "critical"}, None, False, 0, id="never"),
        pytest.param({"outcome": "undecided"}, "low", False, 0, id="undecided does not fail"),
        pytest.param({"outcome": "undecided"}, "low", True, 1, id="undecided fails under strict"),
        pytest.param({"outcome": "undecided", "enforcement": "advisory"}, "low", True, 0, id="strict, but advisory"),
        pytest.param({"outcome": "waived"}, "low", True, 0, id="waived"),
        pytest.param({"outcome": "error"}, None, False, 2, id="a crashed rule, even with never"),
    ],
)
def test_exit_status(
    entry_of: EntryOf, changes: dict[str, str], fail_on: str | None, strict: bool, status: int
) -> None:
    report = build([Subject(kind="state", path="s.json")], rules=1, findings=[entry_of(**changes)])
    assert report.exit_status(Severity(fail_on) if fail_on else None, strict=strict) == status


def test_a_failure_wins_over_a_violation(broken: Report) -> None:
    assert broken.exit_status(Severity.LOW, strict=False) == 2


def test_findings_are_sorted_and_said_once(entry_of: EntryOf) -> None:
    first, second = entry_of(rule="a"), entry_of(rule="b")
    one = build([], rules=1, findings=[second, first, first])
    other = build([], rules=1, findings=[first, second])
    assert [found.rule for found in one.findings] == ["a", "b"]
    assert one == other


def test_what_is_mended_does_not_hide_what_is_left(entry_of: EntryOf) -> None:
    subject = Subject(kind="program", path="infra")
    report = build([subject], rules=1, findings=[entry_of(enforcement="remediate"), entry_of()])
    assert [found.enforcement for found in report.findings] == ["mandatory", "remediate"]
    assert report.exit_status(Severity.LOW, strict=False) == 1


def _fingerprint(found: Entry, *others: Entry) -> str:
    report = build([], rules=1, findings=[found, *others])
    return next(one.fingerprint for one in report.findings if replace(one, fingerprint="") == found)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"message": "said otherwise"}, id="message"),
        pytest.param({"severity": "low"}, id="severity"),
        pytest.param({"source": reports.Place("other.py", 99)}, id="source line"),
        pytest.param({"urn": "urn:pulumi:prod::shop::aws:iam/role:Role::deploy"}, id="stack"),
    ],
)
def test_fingerprint_survives(entry_of: EntryOf, changes: dict[str, Any]) -> None:
    assert _fingerprint(entry_of()) == _fingerprint(entry_of(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"rule": "other"}, id="rule"),
        pytest.param({"urn": "urn:pulumi:dev::shop::aws:iam/role:Role::other"}, id="resource"),
        pytest.param({"path": "assumeRolePolicy.Statement[1]"}, id="path"),
        pytest.param({"name": "export"}, id="name"),
    ],
)
def test_fingerprint_tells_apart(entry_of: EntryOf, changes: dict[str, Any]) -> None:
    assert _fingerprint(entry_of()) != _fingerprint(entry_of(**changes))


def test_fingerprint_survives_findings_elsewhere(entry_of: EntryOf) -> None:
    elsewhere = entry_of(rule="aaa", urn="urn:pulumi:dev::shop::a:b:C::other")
    assert _fingerprint(entry_of()) == _fingerprint(entry_of(), elsewhere)


def test_two_findings_at_one_place_have_two_fingerprints(entry_of: EntryOf) -> None:
    report = build([], rules=1, findings=[entry_of(), entry_of(message="something else")])
    assert len({found.fingerprint for found in report.findings}) == 2


def test_the_stack_resource_has_one_fingerprint_for_all_stacks(entry_of: EntryOf) -> None:
    def export(stack: str) -> Entry:
        return entry_of(
            urn=f"urn:pulumi:{stack}::shop::pulumi:pulumi:Stack::shop-{stack}", name="key", path="outputs.key"
        )

    assert _fingerprint(export("dev")) == _fingerprint(export("prod"))


@pytest.mark.parametrize(
    ("urn", "expected"),
    [
        ("urn:pulumi:d::p::pulumi:providers:aws::default_7_51_1", True),
        ("urn:pulumi:d::p::pulumi:providers:aws::default", True),
        ("urn:pulumi:d::p::pulumi:providers:aws::defaulted", False),
        ("urn:pulumi:d::p::pulumi:providers:aws::west", False),
        ("urn:pulumi:d::p::aws:s3/bucket:Bucket::default", False),
    ],
)
def test_default_providers_are_known_by_their_name(urn: str, expected: bool) -> None:
    assert default_provider(urn) is expected


def test_golden_json(mixed: Report, clean: Report) -> None:
    golden = Path(__file__).parent / "golden"
    for name, report in (("mixed", mixed), ("clean", clean)):
        assert (
            json_report.render(report).replace(f'"{__version__}"', '"VERSION"') == (golden / f"{name}.json").read_text()
        )
