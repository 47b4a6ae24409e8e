"""`preflight compare`: what one document newly allows, as text, as JSON and as an exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from report_schema import SCHEMA

from policypack.guardrails.aws.document import Kind
from preflight import cli
from preflight.engine.check_policies import compare_policies
from preflight.errors import CheckError
from preflight.reports import comparison
from preflight.reports.policy import Look

GOLDEN = Path(__file__).parent / "golden"
CLOSING = "Actions and levels as AWS listed them on "


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


BASE = [allow("s3:GetObject", "arn:aws:s3:::data/*", Sid="Read"), allow(["sqs:SendMessage", "sqs:ReceiveMessage"])]
WIDER = [*BASE, allow(["sqs:AddPermission", "sqs:DeleteMessage"], Sid="Queues")]
OTHER = [allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data/*", Sid="Objects"), allow("sqs:SendMessage")]
REWRITTEN = [
    allow(["sqs:ReceiveMessage", "sqs:SendMessage", "sqs:sendmessage"]),
    allow("S3:getobject", ["arn:aws:s3:::data/*", "arn:aws:s3:::data/a/*"]),
]
# The statement has no Effect that can be read.
DOUBT = [*BASE, {**allow("sqs:PurgeQueue"), "Effect": "Perhaps"}]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The documents in the current folder."""
    monkeypatch.chdir(tmp_path)
    documents = {"base": BASE, "wider": WIDER, "other": OTHER, "rewritten": REWRITTEN, "doubt": DOUBT}
    for name, statements in documents.items():
        Path(f"{name}.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli.cli, ["compare", *map(str, arguments)], input=stdin)


def text_of(base: str, head: str, **look: Any) -> str:
    _, compared = compare_policies(Path(f"{base}.json"), Path(f"{head}.json"), None)
    return comparison.render(compared, Look(**look), fails=True)


def undated(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(CLOSING))


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("base", "head"), [("base", "wider"), ("base", "other"), ("base", "doubt")])
def test_golden_text(base: str, head: str) -> None:
    assert undated(text_of(base, head)) == (GOLDEN / f"compare-{base}-{head}.txt").read_text()


@pytest.mark.usefixtures("files")
def test_lines_fit_a_narrow_terminal() -> None:
    assert max(map(len, text_of("base", "other", width=60).splitlines())) <= 60


@pytest.mark.usefixtures("files")
def test_an_equivalent_rewrite_is_one_line() -> None:
    done = run("base.json", "rewritten.json")
    assert (done.exit_code, done.stdout) == (0, "equal: both allow the same.\n")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("base", "head", "options", "status", "first"),
    [
        pytest.param("base", "wider", [], 1, "wider: wider.json allows what base.json does not.", id="wider"),
        pytest.param("wider", "base", [], 0, "narrower: base.json allows less than wider.json", id="narrower"),
        pytest.param("wider", "base", ["--strict"], 0, "narrower: ", id="narrower, strictly"),
        pytest.param("base", "other", [], 1, "incomparable: other.json allows", id="incomparable"),
        pytest.param("base", "rewritten", ["--strict"], 0, "equal: ", id="equal"),
        pytest.param("base", "wider", ["--fail-on", "never"], 0, "wider: ", id="never"),
        pytest.param("base", "wider", ["--fail-on", "critical"], 1, "wider: ", id="a gain has no severity"),
        pytest.param(
            "base", "doubt", [], 0, "undecided: whether doubt.json allows anything new cannot be told.", id="a doubt"
        ),
        pytest.param(
            "doubt", "base", [], 0, "undecided: nothing new is allowed, and whether", id="a doubt about a loss"
        ),
        pytest.param(
            "doubt", "wider", [], 1, "undecided: wider.json allows what doubt.json does not, and whether", id="both"
        ),
        pytest.param("base", "doubt", ["--strict"], 1, "undecided: ", id="a doubt, strictly"),
        pytest.param("doubt", "base", ["--strict"], 0, "undecided: ", id="a doubt about a loss, strictly"),
        pytest.param("base", "doubt", ["--strict", "--fail-on", "never"], 0, "undecided: ", id="a doubt, never"),
    ],
)
def test_status(base: str, head: str, options: list[str], status: int, first: str) -> None:
    done = run(f"{base}.json", f"{head}.json", *options)
    assert done.stdout.startswith(first)
    assert done.exit_code == status
    assert done.stdout.splitlines()[-1].startswith("failed: ") == bool(status)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("head", ["wider", "other", "doubt", "rewritten"])
def test_the_json_report_keeps_its_form(head: str) -> None:
    jsonschema.validate(json.loads(run("base.json", f"{head}.json", "--format", "json").stdout), SCHEMA)


@pytest.mark.usefixtures("files")
def test_json() -> None:
    done = run("base.json", "other.json", "--format", "json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [one["path"] for one in found["subjects"]] == ["base.json", "other.json"]
    compared = found["comparison"]
    assert (compared["kind"], compared["relation"]) == ("identity", "incomparable")
    assert compared["newly_allowed"] == [
        {
            "actions": ["s3:PutObject"],
            "statement": "Statement[0]",
            "witness": {
                "principal": "the holder of the policy",
                "action": "s3:PutObject",
                "resource": "arn:aws:s3:::data/any-object",
                "context": {},
            },
        }
    ]
    assert [one["actions"] for one in compared["no_longer_allowed"]] == [["sqs:ReceiveMessage"]]
    assert compared["undecided"] == []


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("base", "head", "hides"),
    [("base", "doubt", "newly_allowed"), ("doubt", "base", "no_longer_allowed")],
)
def test_doubts_say_what_they_may_hide(base: str, head: str, hides: str) -> None:
    found = json.loads(run(f"{base}.json", f"{head}.json", "--format", "json").stdout)["comparison"]
    assert [(one["path"], one["may_hide"]) for one in found["undecided"]] == [("Statement[2]", hides)]


def test_everything_is_more_than_the_services_that_are_named(tmp_path: Path) -> None:
    base, head = tmp_path / "base.json", tmp_path / "head.json"
    base.write_text(json.dumps({"Version": "2012-10-17", "Statement": [allow("sqs:*")]}))
    head.write_text(json.dumps({"Version": "2012-10-17", "Statement": [allow("*"), deny("sns:Publish")]}))
    said = run(base, head).stdout
    assert "every action of the services that neither document names" in said
    assert "all 41 actions but sns:Publish" in said or "but sns:Publish" in said
    assert "anyservice" not in said
    assert "sqs" not in said


def test_shared_secrets_are_in_no_report(tmp_path: Path) -> None:
    paths = [tmp_path / "base.json", tmp_path / "head.json"]
    for path, secret in zip(paths, ("hunter2hunter2", "swordfish-4711"), strict=True):
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": secret}},
        }
        path.write_text(json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    for options in ([], ["--verbose"], ["--format", "json"]):
        done = run(*paths, *options)
        assert done.exit_code == 1
        assert "<hidden>" in done.stdout
        assert "hunter2" not in done.output
        assert "swordfish" not in done.output


@pytest.mark.usefixtures("files")
def test_one_side_from_standard_input_and_the_report_in_a_file(tmp_path: Path) -> None:
    output = tmp_path / "report.txt"
    done = run("base.json", "-", "--output", output, stdin=Path("wider.json").read_text())
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "wider: - allows what base.json does not.\n"
    assert "Newly allowed" in output.read_text()
    assert run("base.json", "wider.json", "--output", output, "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("base", "head", "message"),
    [
        ("-", "-", "both documents cannot come from standard input"),
        (".", "base.json", "so far only policy documents can be compared"),
        ("base.json", "state.json", "so far only policy documents"),
        ("base.json", "resource.json", "reads as an identity policy and resource.json as a resource policy"),
    ],
)
@pytest.mark.usefixtures("files")
def test_what_cannot_be_compared(base: str, head: str, message: str) -> None:
    Path("state.json").write_text('{"version": 3, "deployment": {"manifest": {}}}')
    document = {"Version": "2012-10-17", "Statement": [allow("s3:*", Principal="*")]}
    Path("resource.json").write_text(json.dumps(document))
    with pytest.raises(CheckError, match=message):
        compare_policies(Path(base), Path(head), None)


@pytest.mark.usefixtures("files")
def test_the_kind_can_be_given() -> None:
    _, compared = compare_policies(Path("base.json"), Path("wider.json"), Kind.RESOURCE)
    assert {compared.base.document.kind, compared.head.document.kind} == {Kind.RESOURCE}
