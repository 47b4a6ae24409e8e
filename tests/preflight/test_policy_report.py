"""`preflight policy`: documents explained and judged, as text, as JSON and as an exit status."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from managed_policies import managed_policies
from report_schema import SCHEMA

from policypack.guardrails.aws import actions
from policypack.guardrails.aws.explanation import explain
from policypack.guardrails.findings import Severity
from preflight import cli, report
from preflight.engine.check_policies import Explained, check_policy
from preflight.engine.checks import Clock, Options
from preflight.errors import CheckError
from preflight.report import Report, Subject
from preflight.reports import json as json_report
from preflight.reports.policy import Look, as_json, render
from preflight.sources import policy_file

HERE = Path(__file__).parent
POLICIES = HERE / "data" / "policies"
GOLDEN = HERE / "golden"
NAMES = ["administrator", "mixed", "bucket", "trust", "undecided", "rejected"]


@cache
def judged(name: str) -> tuple[Report, Explained]:
    """A document of the folder, explained and judged by the pack inside; not to be changed."""
    found, explained = check_policy(POLICIES / f"{name}.json", None, Options(), Clock())
    # Neither the folder nor the number of rules that there are is what is tested.
    return replace(found, rules=24, subjects=[replace(found.subjects[0], path=f"{name}.json")]), explained


def text_of(name: str, **look: Any) -> str:
    found, explained = judged(name)
    return render(explained, found, Severity.LOW, Look(**look))


def json_of(name: str) -> dict[str, Any]:
    found, explained = judged(name)
    parsed: dict[str, Any] = json.loads(json_report.render(found, explanation=as_json(explained)))
    return parsed


def undated(text: str) -> str:
    """A report without what changes with each new table of actions."""
    about = actions.about()
    return text.replace(about.date.isoformat(), "DAY").replace(about.version, "VERSION")


@pytest.mark.parametrize("name", NAMES)
def test_golden_text(name: str) -> None:
    assert undated(text_of(name)) == (GOLDEN / f"policy-{name}.txt").read_text()


@pytest.mark.parametrize("name", ["mixed", "bucket"])
def test_golden_text_on_a_narrow_terminal(name: str) -> None:
    narrow = text_of(name, width=60)
    assert undated(narrow) == (GOLDEN / f"policy-{name}-60.txt").read_text()
    assert max(len(line) for line in narrow.splitlines() if "docs:" not in line and "fix:" not in line) <= 60


# All actions of the well-known services would be in that of the administrator.
@pytest.mark.parametrize("name", [name for name in NAMES if name != "administrator"])
def test_golden_json(name: str) -> None:
    found = json_of(name)
    found["tool"]["version"] = "VERSION"
    assert undated(json.dumps(found, indent=2) + "\n") == (GOLDEN / f"policy-{name}.json").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_the_json_report_keeps_its_form(name: str) -> None:
    jsonschema.validate(json_of(name), SCHEMA)


def test_the_explanation_is_the_same_from_run_to_run() -> None:
    _, first = judged("mixed")
    again = Explained(first.file, explain([first.file.document]))
    assert as_json(again) == as_json(first)


def test_colour_changes_nothing_else() -> None:
    colored = text_of("mixed", color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text_of("mixed")


@pytest.mark.parametrize("name", ["bucket", "trust", "rejected"])
def test_shared_secrets_are_in_no_report(name: str) -> None:
    assert re.search("hunter2|tok-4711", (POLICIES / f"{name}.json").read_text())
    for said in (text_of(name), text_of(name, whole=True), json.dumps(json_of(name))):
        assert not re.search("hunter2|tok-4711", said)
        assert "<hidden>" in said


def written(tmp_path: Path, document: object) -> Path:
    path = tmp_path / "policy.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def statement(**elements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": {"Effect": "Allow", **elements}}


def explained_as_text(path: Path, **look: Any) -> str:
    file = policy_file.read(path, None)
    found = report.build([Subject(kind="policy", path=path.name)], rules=1, findings=[])
    return render(Explained(file, explain([file.document])), found, Severity.LOW, Look(**look))


MANAGED = [
    "AdministratorAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "IAMFullAccess",
    "AmazonS3FullAccess",
    "AmazonEKSClusterPolicy",
    "AmazonSSMManagedInstanceCore",
    "AWSLambdaBasicExecutionRole",
    "DatabaseAdministrator",
]


@pytest.mark.parametrize("name", MANAGED)
def test_managed_policies_stay_readable(name: str, tmp_path: Path) -> None:
    arn = next(arn for arn in managed_policies() if arn.rsplit("/", 1)[-1] == name)
    path = written(tmp_path, managed_policies()[arn])
    for width in (60, 80, 120):
        lines = explained_as_text(path, width=width).splitlines()
        assert max(map(len, lines)) <= width
        assert len(lines) <= 90
    assert explained_as_text(path).startswith("policy.json: the holder of the policy may ")


def test_verbose_leaves_nothing_out(tmp_path: Path) -> None:
    names = sorted(f"s3:{name}" for name in actions.names()["s3"])[:40]
    path = written(tmp_path, statement(Action=names, Resource="*"))
    cut, whole = explained_as_text(path), explained_as_text(path, whole=True)
    assert re.search(r"and \d+ more", cut)
    assert not [name for name in names if not re.search(rf"\b{name}\b", whole)]
    assert "more" not in whole


def test_of_many_statements_the_widest_are_shown(tmp_path: Path) -> None:
    numbered = [
        {
            "Effect": effect,
            "Action": "sqs:SendMessage",
            "Resource": f"arn:aws:{service}:us-east-1:111122223333:q{number}",
        }
        for number in range(40)
        for effect, service in (("Allow", "sqs"), ("Allow", "sns"), ("Deny", "sqs-none"))
    ]
    numbered += [{**one, "Effect": "Deny", "Resource": f"{one['Resource']}x"} for one in numbered[::3]]
    path = written(tmp_path, {"Version": "2012-10-17", "Statement": numbered})
    cut = explained_as_text(path).splitlines()
    assert len([line for line in cut if line.startswith("    for example: ")]) == 30
    assert "and 10 more grants; --verbose lists them" in cut
    assert "and 10 more denials; --verbose lists them" in cut
    assert "and 50 more places; --verbose lists them" in cut
    assert "--verbose" not in explained_as_text(path, whole=True)


@pytest.mark.parametrize(
    ("document", "line"),
    [
        pytest.param(statement(Action="*", Resource="*"), "may do everything on every resource.", id="all"),
        pytest.param(
            statement(NotAction=["iam:*", "sts:*"], Resource="*"),
            "may do everything but iam:*, sts:* on every resource.",
            id="all but",
        ),
        pytest.param(statement(Action="sqs:*", Resource="*"), "may use all of sqs on every resource.", id="a service"),
        pytest.param(
            statement(Action=["sqs:SendMessage", "sqs:AddPermission"], Resource="arn:aws:sqs:*:*:jobs"),
            "may use 2 actions of sqs (up to permissions management) on arn:aws:sqs:*:*:jobs.",
            id="some actions",
        ),
        pytest.param(
            statement(Action="iam:PassRole", Resource=["arn:aws:iam::*:role/a", "arn:aws:iam::*:role/b"]),
            "may iam:PassRole on 2 resources.",
            id="one action",
        ),
        pytest.param(
            statement(Action="sqs:SendMessage", Resource="*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
            "may sqs:SendMessage on every resource, under one condition.",
            id="a condition",
        ),
        pytest.param(
            {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}},
            "this policy grants nothing.",
            id="nothing",
        ),
        pytest.param(
            statement(Principal="*", Action="sqs:SendMessage", Resource="*"),
            "anyone (signed in or not) may sqs:SendMessage on every resource.",
            id="anyone",
        ),
    ],
)
def test_the_first_line_says_the_widest(document: object, line: str, tmp_path: Path) -> None:
    first = explained_as_text(written(tmp_path, document)).splitlines()[0]
    assert first.endswith(line)


def test_a_grant_to_anyone_is_wider_than_one_to_an_account(tmp_path: Path) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"},
        ],
    }
    assert "anyone" in explained_as_text(written(tmp_path, document)).splitlines()[0]


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.cli, list(map(str, arguments)), input=stdin)


@pytest.mark.parametrize(
    ("document", "options", "status", "rules"),
    [
        pytest.param(statement(Action="*", Resource="*"), [], 1, ["administrator-access"], id="a violation"),
        pytest.param(
            statement(Action="*", Resource="*"), ["--fail-on", "never"], 0, ["administrator-access"], id="never"
        ),
        pytest.param(statement(Action="sqs:ListQueues", Resource="*"), ["--strict"], 0, [], id="nothing"),
        pytest.param(
            statement(Principal="*", Action="s3:GetObject", Resource="arn:aws:s3:::site/*"),
            [],
            1,
            ["bucket-public-policy"],
            id="a bucket policy",
        ),
        pytest.param(
            statement(Principal="*", Action="sqs:SendMessage", Resource="arn:aws:sqs:us-east-1:402918573664:jobs"),
            [],
            1,
            ["resource-policy-open-to-strangers", "resource-policy-without-tls"],
            id="a queue policy",
        ),
        pytest.param(
            statement(Principal="*", Action="*", Resource="*"),
            [],
            0,
            [],
            id="a resource policy of no one service",
        ),
        pytest.param(
            statement(Principal="*", Action="sqs:Send Message", Resource="*"),
            [],
            1,
            ["policy-document-rejected"],
            id="a resource policy of no one service, rejected",
        ),
        pytest.param(
            statement(Principal="*", Action="sts:AssumeRole"),
            [],
            1,
            ["role-trust-wildcard-principal"],
            id="a trust policy",
        ),
    ],
)
def test_status_and_findings(
    document: object, options: list[str], status: int, rules: list[str], tmp_path: Path
) -> None:
    done = run("policy", written(tmp_path, document), "--format", "json", *options)
    assert done.exit_code == status, done.output
    found = json.loads(done.stdout)
    assert [one["rule"] for one in found["findings"]] == rules
    assert {(one["urn"], one["type"], one["name"]) for one in found["findings"]} <= {("", "", "")}


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--strict"], 1)])
def test_undecided_fails_under_strict(options: list[str], status: int, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"policy-document-rejected": "disabled", "administrator-access": "remediate"}')
    done = run("policy", POLICIES / "rejected.json", "--policy-config", config, *options)
    assert done.exit_code == status
    assert "cannot be told" in done.stdout
    assert "administrator-access cannot mend what it finds" in done.stdout
    # The rule that says so is off.
    assert "Rejected by AWS" in done.stdout


def test_another_pack_judges_the_document(pack_of: Callable[..., Path]) -> None:
    pack = pack_of(
        """
        from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

        def judge(args, report):
            if "*" in args.props["policy"]:
                report("no stars")

        PolicyPack("stars", [ResourceValidationPolicy("no-stars", "No stars.", judge, EnforcementLevel.MANDATORY)])
        """
    )
    done = run("policy", POLICIES / "administrator.json", "--pack", pack, "--format", "json")
    assert done.exit_code == 1
    assert [one["rule"] for one in json.loads(done.stdout)["findings"]] == ["no-stars"]


def test_the_report_in_a_file_and_its_summary_on_standard_error(tmp_path: Path) -> None:
    output = tmp_path / "report.txt"
    done = run("policy", POLICIES / "administrator.json", "--output", output)
    assert done.stdout == ""
    assert re.fullmatch(r".*administrator\.json: \d+ rules, 1 violation\.\n", done.stderr)
    assert "may do everything on every resource." in output.read_text()
    assert run("policy", POLICIES / "administrator.json", "--output", output, "--quiet").stderr == ""


def test_verbose_says_how_long_it_took() -> None:
    done = run("policy", POLICIES / "administrator.json", "--verbose")
    assert " s  document explained\n" in done.stderr
    assert " s  rule administrator-access\n" in done.stderr


def test_an_aws_document_holds_no_oci_statements() -> None:
    done = run("policy", POLICIES / "administrator.json", "--kind", "oci")
    assert isinstance(done.exception, CheckError)
    assert "is an AWS policy document" in str(done.exception)
