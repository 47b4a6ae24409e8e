"""`preflight policy` on OCI statements: explained and judged, as text, as JSON and as an exit status."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from report_schema import COUNT, SCHEMA, TEXT

from policypack.guardrails.findings import Severity
from policypack.guardrails.oci.permissions import checked
from preflight import cli, report
from preflight.engine.check_oci_policies import Explained, explained
from preflight.errors import CheckError
from preflight.report import Subject
from preflight.reports import json as json_report
from preflight.reports.oci_policy import as_json, render
from preflight.reports.policy import Look
from preflight.sources import oci_policy_file

HERE = Path(__file__).parent
FILES = HERE / "data" / "oci"
GOLDEN = HERE / "golden"
ROOT = HERE.parents[1]
STATEMENT = "Allow group A to read buckets in compartment Data"


def closed(properties: dict[str, Any], *, nullable: bool = False) -> dict[str, Any]:
    return {
        "type": ["object", "null"] if nullable else "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def several(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


CLAUSE = {
    "text": TEXT,
    "words": TEXT,
    "narrows": {"type": "boolean"},
    "note": TEXT,
    "holds": {"enum": ["", "all", "any"]},
    "members": several({"type": "object"}),
}
KINDS = ["allow", "deny", "endorse", "deny endorse", "admit", "deny admit", "define", "matching-rule"]
EXPLANATION = closed(
    {
        "kind": {"const": "oci"},
        "statements": several(
            closed(
                {
                    "path": TEXT,
                    "line": COUNT,
                    "policy": TEXT,
                    "kind": {"enum": [*KINDS, "rejected", "cannot be read"]},
                    "text": TEXT,
                    "canonical": TEXT,
                    "says": TEXT,
                    "who": closed({"kind": TEXT, "names": several(TEXT), "words": TEXT}, nullable=True),
                    "permissions": closed(
                        {
                            "action": TEXT,
                            "words": TEXT,
                            "everything": {"type": "boolean"},
                            "total": COUNT,
                            "by_verb": several(closed({"verb": TEXT, "names": several(TEXT)})),
                            "not_listed": several(TEXT),
                            "left_by_condition": {"anyOf": [{"type": "null"}, several(TEXT)]},
                        },
                        nullable=True,
                    ),
                    "where": closed({"kind": TEXT, "words": TEXT}, nullable=True),
                    "condition": closed(CLAUSE, nullable=True),
                    "notes": several(TEXT),
                    "problem": closed(
                        {"message": TEXT, "fix": TEXT, "line": COUNT, "column": {"type": ["integer", "null"]}},
                        nullable=True,
                    ),
                }
            )
        ),
        "permission_table": closed({"date": {"type": "string", "format": "date"}}),
    }
)
OCI_SCHEMA = {**SCHEMA, "properties": {**SCHEMA["properties"], "explanation": EXPLANATION}}


def of(text: str, name: str = "statements.txt") -> Explained:
    file = oci_policy_file.parse(Path(name), text)
    return Explained(file, tuple(explained(file)))


@cache
def of_file(name: str) -> Explained:
    return of((FILES / name).read_text(), name)


def text_of(content: Explained, **look: Any) -> str:
    """The explanation alone: which rules there are, and what they find, is not what is tested."""
    found = report.build([Subject(kind="policy", path=str(content.file.path))], rules=24, findings=[])
    return render(content, found, Severity.LOW, Look(**look))


def uncounted(text: str) -> str:
    """A report without what changes with each new list of permissions."""
    counts = r"[\d,]+\s+permissions\s+are\s+listed:.*?lists\s+them"
    return undated(re.sub(counts, "N permissions are listed", text, flags=re.DOTALL))


def undated(text: str) -> str:
    return text.replace(checked(), "DAY")


def json_of(name: str) -> dict[str, Any]:
    found = report.build([Subject(kind="policy", path=name)], rules=24, findings=[])
    parsed: dict[str, Any] = json.loads(json_report.render(found, explanation=as_json(of_file(name))))
    return parsed


@pytest.mark.parametrize("name", ["mixed.txt", "listed.json"])
def test_golden_text(name: str) -> None:
    golden = GOLDEN / f"oci-policy-{name.partition('.')[0]}.txt"
    assert uncounted(text_of(of_file(name))) == golden.read_text()


def test_golden_text_on_a_narrow_terminal() -> None:
    narrow = text_of(of_file("mixed.txt"), width=60)
    assert uncounted(narrow) == (GOLDEN / "oci-policy-mixed-60.txt").read_text()
    assert max(map(len, narrow.splitlines())) <= 60


def test_golden_json() -> None:
    found = json_of("mixed.txt")["explanation"]
    everything = next(each for each in found["statements"] if each["permissions"] and each["permissions"]["everything"])
    assert everything["permissions"]["total"] > 100
    everything["permissions"] |= {"total": 0, "by_verb": [], "not_listed": []}
    assert undated(json.dumps(found, indent=2) + "\n") == (GOLDEN / "oci-policy-mixed.json").read_text()


@pytest.mark.parametrize("name", ["mixed.txt", "listed.json"])
def test_the_json_report_keeps_its_form(name: str) -> None:
    jsonschema.validate(json_of(name), OCI_SCHEMA)


def test_colour_changes_nothing_else() -> None:
    colored = text_of(of_file("mixed.txt"), color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text_of(of_file("mixed.txt"))


def test_verbose_leaves_nothing_out() -> None:
    statements = of("\n".join([STATEMENT] * 40 + ["Allow group N to manage virtual-network-family in compartment Net"]))
    cut, whole = text_of(statements), text_of(statements, whole=True)
    assert "and 11 more statements; --verbose lists them" in cut
    assert whole.count("line ") == 41
    assert "VCN_READ" in whole
    assert "more" not in whole


def test_many_permissions_are_cut() -> None:
    said = text_of(of("Allow group N to manage virtual-network-family in compartment Net"))
    assert re.search(r"manage adds (\w+, ){11}\w+ and \d+ more\n", said)
    assert re.search(r"\n        and \d+ more: \d+ that use adds, \d+ that read adds and \d+ that inspect adds\n", said)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            "Allow group A\n\n# why\n  to write objects in tenancy",
            ["4:   to write objects in tenancy", "        ^", "column 6: expected"],
            id="on another line of the file",
        ),
        pytest.param(
            "Allow group A to read buckets in compartment",
            [f"{STATEMENT[:44]}", f"{' ' * 44}^", "column 45: expected"],
            id="at the end",
        ),
        pytest.param(
            "Allow group \u65e5\u672c\tB to read buckets in tenancy",
            ["Allow group \u65e5\u672c B to read", f"{' ' * 17}^", "column 16: expected"],
            id="behind wide characters and a tab",
        ),
        pytest.param(
            STATEMENT + " where any {" + "request.region = 'iad', " * 9 + "request.region = iad}",
            ["…", "^"],
            id="far to the right",
        ),
    ],
)
def test_a_caret_stands_under_what_is_rejected(text: str, lines: list[str]) -> None:
    said = text_of(of(text)).splitlines()
    start = said.index("line 1  rejected") + 1
    for line, expected in zip(said[start:], lines, strict=False):
        assert expected in line
    if len(lines) > 2:
        assert said[start + 1].removeprefix("    ") == lines[1]


def test_a_type_on_no_list_is_rejected_and_explained() -> None:
    found = of("Allow group A to manage things in compartment C")
    said = text_of(found)
    assert said.startswith("statements.txt: 1 statement (1 rejected).")
    assert "otherwise it reads: allow group A to manage things in compartment C\n    who: the members of" in said
    (statement,) = as_json(found)["statements"]
    assert (statement["kind"], statement["problem"]["column"]) == ("rejected", 25)
    assert "if OCI has `things`" in statement["problem"]["fix"]
    assert statement["permissions"]["not_listed"] == ["things"]


def test_a_type_that_the_configuration_lists_is_not_rejected(tmp_path: Path) -> None:
    listed = {"oci-policy-statement-rejected": {"resourceTypes": ["objc*"]}}
    config = written(tmp_path, json.dumps(listed), "config.json")
    done = run("policy", "-", "--policy-config", config, stdin="Allow group A to manage objcts in compartment C\n")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("-: 1 statement (1 allow).")


def test_statements_on_one_line_are_told_apart_by_their_places() -> None:
    found = text_of(of(json.dumps({"data": [{"name": "p", "statements": [STATEMENT, "x"]}]}), "x.json"))
    assert "\ndata[0].statements[0]  p  allow group A" in found
    assert "\ndata[0].statements[1]  p  rejected" in found


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param(f'- "{STATEMENT}"\n- "{STATEMENT} to x"\n', 2, 54, id="behind a bullet"),
        pytest.param(f"{STATEMENT}\n\n  to x\n", 3, 3, id="on a later line"),
    ],
)
def test_findings_and_explanation_name_the_same_place(text: str, line: int, column: int) -> None:
    found = json.loads(run("policy", "-", "--format", "json", stdin=text).stdout)
    problem = found["explanation"]["statements"][-1]["problem"]
    assert (problem["line"], problem["column"]) == (line, column)
    (finding,) = found["findings"]
    assert finding["source"]["line"] == line
    for said in (finding["message"], problem["message"]):
        assert said.startswith(f"column {column}: ")
    assert finding["fix"].startswith(f"What fits at column {column} is")


def test_what_was_put_around_statements_is_said() -> None:
    assert "Read as OCI statements; the bullets and quotes around them are left out.\n" in text_of(of(f"- {STATEMENT}"))


def test_a_matching_rule_as_text() -> None:
    done = run("policy", "-", stdin="ANY {resource.type = 'fnfunc'}\n")
    assert done.stdout.startswith("-: 1 matching rule.\nRead as matching rules of dynamic groups.\n")
    assert "at matchingRule" in done.stdout


def test_an_undecided_finding_does_not_ask_to_correct_what_may_be_right() -> None:
    grant = "Allow any-user to manage all-resources in tenancy where request.foo.bar = 'x'"
    found = json.loads(run("policy", "-", "--format", "json", stdin=grant).stdout)
    assert "if it is right, check by hand" in next(
        one["fix"] for one in found["findings"] if one["outcome"] == "undecided"
    )


@pytest.mark.parametrize("content", ['{"data": []}', "[]"])
def test_an_empty_listing_is_called_one(content: str) -> None:
    for kind in ([], ["--kind", "oci"]) if "data" in content else (["--kind", "oci"],):
        assert "is an empty listing" in str(run("policy", "-", *kind, stdin=content).exception)


def test_no_terminal_acts_on_a_statement() -> None:
    said = text_of(of("Allow group '\u202e\x9b31m' to read buckets in compartment \u202eX"))
    assert not re.search("[\u202e\x9b\x1b]", said)


def test_a_statement_that_nobody_can_read_yet() -> None:
    found = of("allow group standin0x0123456789abcdef to standin0x0123456789abcdef x in tenancy y")
    assert "line 1  cannot be read\n    how it reads hangs on a part that is not known" in text_of(found)
    (statement,) = as_json(found)["statements"]
    assert (statement["kind"], statement["problem"]["column"]) == ("cannot be read", None)


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.cli, list(map(str, arguments)), input=stdin)


def written(tmp_path: Path, content: str | bytes, name: str = "statements.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_statements_are_judged_as_in_a_program() -> None:
    done = run("policy", FILES / "mixed.txt", "--format", "json")
    assert done.exit_code == 1, done.output
    found = json.loads(done.stdout)
    jsonschema.validate(found, OCI_SCHEMA)
    by_rule = {one["rule"]: one for one in found["findings"]}
    rejected = [one for one in found["findings"] if one["rule"] == "oci-policy-statement-rejected"]
    assert [(one["path"], one["source"]["line"]) for one in rejected] == [("statements[6]", 15), ("statements[7]", 17)]
    assert by_rule["oci-policy-open-to-anyone"]["source"] == {"file": str(FILES / "mixed.txt"), "line": 9}
    assert {(one["urn"], one["type"], one["name"]) for one in found["findings"]} == {("", "", "")}


def test_each_policy_and_dynamic_group_of_a_list_is_judged() -> None:
    done = run("policy", FILES / "listed.json", "--format", "json")
    assert done.exit_code == 1, done.output
    places = {(one["name"], one["path"], one["source"]["line"]) for one in json.loads(done.stdout)["findings"]}
    assert ("hosts", "data[2].matching-rule", 17) in places


def test_a_statement_from_standard_input() -> None:
    done = run("policy", "-", stdin=f"{STATEMENT}\n")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("-: 1 statement (1 allow).\nRead as OCI statements.\n")
    assert run("policy", "-", "--kind", "oci", stdin=STATEMENT).stdout == done.stdout


def samples() -> Iterator[Any]:
    """The commands on OCI statements that the pages show, with what each reads and prints; `…` is left out."""
    for page in ("README.md", "docs/oci-policy-language.md"):
        blocks = re.findall(
            r"^```console\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        for block in blocks:
            piped = re.match(r'\$ echo "(.*)" \| preflight policy (-)\n(.*)', block, re.DOTALL)
            file = re.match(r"\$ cat \S+\n(.*)\$ preflight policy (\S+)\n(.*)", block, re.DOTALL)
            if found := piped or file:
                yield pytest.param(*found.groups(), id=page)


def test_the_pages_have_samples() -> None:
    assert [each.id for each in samples()] == ["README.md", "docs/oci-policy-language.md"]


@pytest.mark.parametrize(("content", "path", "printed"), list(samples()))
def test_the_pages_show_what_the_command_prints(
    content: str, path: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, content, path)
    said = run("policy", path, stdin=content).stdout
    place = 0
    for part in filter(None, re.split(r"^…\n", printed, flags=re.MULTILINE)):
        assert part in said[place:]
        place = said.index(part, place) + len(part)


def test_a_misspelt_first_word_needs_no_kind() -> None:
    done = run("policy", "-", stdin="Alow group A to read buckets in tenancy\n")
    assert done.exit_code == 1, done.output
    assert "fix: Write: Allow group A to read buckets in tenancy" in done.stdout


def test_a_text_that_is_neither_says_how_statements_are_read() -> None:
    done = run("policy", "-", stdin="Alow everything\n")
    assert isinstance(done.exception, CheckError)
    assert "--kind oci" in str(done.exception)


def test_a_file_in_another_kind_is_refused(tmp_path: Path) -> None:
    done = run("policy", written(tmp_path, STATEMENT), "--kind", "identity")
    assert isinstance(done.exception, CheckError)
    assert "holds OCI statements" in str(done.exception)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        pytest.param("", "x.txt", "is empty", id="empty"),
        pytest.param("# nothing\n", "x.txt", "holds no OCI statement", id="comments"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00\x00", "x", "is no text", id="binary"),
        pytest.param(b"\x89PNG\xff\xfe", "x", "is no text", id="no encoding"),
        pytest.param(f"statements:\n  - {STATEMENT}\n", "x.txt", "looks like YAML", id="YAML"),
        pytest.param("one: oops-secret\n", "x.yaml", "looks like YAML", id="YAML by its name"),
        pytest.param("oops-secret\n", "x.txt", "holds no OCI statement", id="text"),
        pytest.param("[1]", "x.json", "holds something that is no text", id="a number"),
        pytest.param('{"statements": {}}', "x.json", "holds something that is no text", id="an object"),
        pytest.param('{"matchingRule": []}', "x.json", "which a matching rule is", id="no rule"),
        pytest.param('{"name": "oops-secret"}', "x.json", "holds no OCI statement", id="neither"),
        pytest.param('["oops-secret" "x"]', "x.json", "breaks at line 1, column 16", id="broken JSON"),
        pytest.param("[" * 100_000, "x.json", "nested too deeply", id="deep"),
        pytest.param('{"Statement": []}', "x.json", "is an AWS policy document", id="an AWS document"),
        pytest.param('{"deployment": {}}', "x.json", "`preflight state` judges states", id="a state"),
    ],
)
def test_what_is_refused_in_one_sentence(content: str | bytes, name: str, message: str, tmp_path: Path) -> None:
    done = run("policy", written(tmp_path, content, name), "--kind", "oci")
    assert isinstance(done.exception, CheckError)
    assert message in str(done.exception)
    assert "\n" not in str(done.exception)
    assert "oops" not in str(done.exception)
