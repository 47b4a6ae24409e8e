"""The generated pages: what they hold, and that every way of being out of date is seen."""

import json
import re
from pathlib import Path

import pytest

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Level, Severity
from policypack.guardrails.rule import ProgramRule, ResourceRule, StackRule
from scripts import coverage

HEADINGS = ["What it finds", "Why it matters", "What to do", "Where it is decided", "How to configure"]
README = "# A project\n\n<!-- rules:begin -->\n<!-- rules:end -->\n\nMore.\n"


def described(**changes):
    given = {
        "id": "thing-left-open",
        "concern": Concern.LEAST_PRIVILEGE,
        "severity": Severity.HIGH,
        "title": "A thing is open | to *all*",
        "why": "Because `a|b*` of <anyone> in __main__ may.",
        "fix": "Close it: access_type.",
        "controls": ("CIS-AWS-3.0.0:1.16",),
    }
    return given | changes


RESOURCE = ResourceRule(
    **described(settings={"days": {"type": "integer", "default": 90, "description": "Age in days"}}),
    types=("b:m/t:T", "a:m/t:T"),
    check=lambda resource, context: (),
    remediate=lambda resource, context: (),
)
EVERY_TYPE = ResourceRule(**described(id="any-thing-open"), types=(), check=lambda resource, context: ())
STACK = StackRule(**described(id="stack-left-open"), types=("a:m/t:T",), check=lambda stack, context: ())
PROGRAM = ProgramRule(**described(id="program-left-open", level=Level.DISABLED), check=lambda program, context: ())
SAMPLES = [RESOURCE, EVERY_TYPE, STACK, PROGRAM]


@pytest.fixture
def written(docs, tmp_path):
    """A folder with a README, up to date for the samples."""
    tmp_path.joinpath("README.md").write_text(README, encoding="utf-8")
    assert docs.main([], tmp_path, SAMPLES) == 0
    return tmp_path


def configured(page: str) -> dict[str, dict[str, object]]:
    found = re.search(r"```json\n(.*?)\n```", page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("rule", [*RULES, *SAMPLES], ids=lambda rule: rule.id)
def test_every_page_has_the_same_headings_and_its_rule_as_configured_by_default(docs, rule) -> None:
    page = docs.page(rule)
    assert re.findall(r"^#+ (.*)$", page, re.MULTILINE)[1:] == HEADINGS
    defaults = {key: schema["default"] for key, schema in rule.settings.items()}
    assert configured(page) == {rule.id: {"enforcementLevel": rule.default_level.value, **defaults}}
    assert not page.endswith("\n\n")


@pytest.mark.parametrize(
    ("rule", "kind", "where", "levels"),
    [
        (RESOURCE, "resource", "In `Analyze`", "`disabled`, `advisory`, `mandatory`, `remediate`."),
        (EVERY_TYPE, "resource", "In `Analyze`", "`disabled`, `advisory`, `mandatory`."),
        (STACK, "stack", "In `AnalyzeStack`", "`disabled`, `advisory`, `mandatory`."),
        (PROGRAM, "program", "Only in `preflight check`", "`disabled`, `advisory`, `mandatory`."),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_page_says_the_kind_the_place_and_the_levels(docs, rule, kind, where, levels) -> None:
    page = docs.page(rule)
    assert f"| Kind | {kind} |" in page
    assert page.partition("## Where it is decided\n\n")[2].startswith(where)
    assert f"Levels: {levels}" in page
    assert ("mends the resource" in page) == ("`remediate`." in levels)


def test_page_lists_types_controls_and_settings(docs) -> None:
    page = docs.page(RESOURCE)
    assert "- `a:m/t:T`\n- `b:m/t:T`\n" in page
    assert "| Types read | [2](#what-it-finds) |" in page
    assert "| Controls | `CIS-AWS-3.0.0:1.16` |" in page
    assert "| `days` | integer | `90` | Age in days |" in page
    assert "It reads resources of every type." in docs.page(EVERY_TYPE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", "a \\| b"),
        ("`a|b*`", "`a\\|b*`"),
        ("*all* <b>", "\\*all\\* \\<b>"),
        ("__main__ access_type", "\\_\\_main\\_\\_ access_type"),
        ("[a](b)", "\\[a\\](b)"),
    ],
)
def test_prose_shows_text_as_it_is_written(docs, text, shown) -> None:
    assert docs.prose(text) == shown


def test_what_is_written_passes_the_check_and_is_the_same_again(docs, written, capsys) -> None:
    before = {path: path.read_text(encoding="utf-8") for path in written.rglob("*.md")}
    assert docs.main(["--check"], written, SAMPLES) == 0
    assert docs.main([], written, SAMPLES) == 0
    assert {path: path.read_text(encoding="utf-8") for path in written.rglob("*.md")} == before
    assert capsys.readouterr() == ("", "")


def test_readme_keeps_what_stands_around_the_table(docs, written) -> None:
    text = written.joinpath("README.md").read_text(encoding="utf-8")
    assert text.startswith("# A project\n\n<!-- rules:begin -->\n| Concern |")
    assert text.endswith("|\n<!-- rules:end -->\n\nMore.\n")
    for rule in SAMPLES:
        assert f"(docs/rules/{rule.id}.md)" in text
        assert written.joinpath(rule.docs).exists()


def edit(root: Path) -> None:
    page = root / RESOURCE.docs
    page.write_text(page.read_text(encoding="utf-8").replace("high", "low"), encoding="utf-8")


def edit_the_table(root: Path) -> None:
    readme = root / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace("| high |", "| low |", 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (edit, "docs/rules/thing-left-open.md: differs from the rules"),
        (edit_the_table, "README.md: differs from the rules"),
        (lambda root: root.joinpath(STACK.docs).unlink(), "docs/rules/stack-left-open.md: is missing"),
        (lambda root: root.joinpath("docs/rules/README.md").unlink(), "docs/rules/README.md: is missing"),
        (lambda root: root.joinpath("docs/rules/gone.md").write_text("x"), "docs/rules/gone.md: there is no such rule"),
    ],
    ids=["edited-page", "edited-table", "missing-page", "missing-index", "page-of-no-rule"],
)
def test_check_names_what_differs_changes_nothing_and_writing_mends_it(docs, written, capsys, change, said) -> None:
    change(written)
    before = sorted(written.rglob("*.md"))
    assert docs.main(["--check"], written, SAMPLES) == 1
    assert capsys.readouterr().err == f"{said}\nrun `make docs` and commit what it writes\n"
    assert sorted(written.rglob("*.md")) == before
    assert docs.main([], written, SAMPLES) == 0
    assert docs.main(["--check"], written, SAMPLES) == 0


@pytest.mark.parametrize(
    "text",
    ["# None\n", "<!-- rules:begin -->\n", "<!-- rules:end -->\n<!-- rules:begin -->\n", README + README],
    ids=["no-markers", "no-end", "wrong-order", "twice"],
)
@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["write", "check"])
def test_a_readme_without_its_markers_is_an_error_and_stays_as_it_is(docs, written, capsys, text, arguments) -> None:
    written.joinpath("README.md").write_text(text, encoding="utf-8")
    assert docs.main(arguments, written, SAMPLES) == 1
    assert "README.md: write <!-- rules:begin --> and <!-- rules:end -->" in capsys.readouterr().err
    assert written.joinpath("README.md").read_text(encoding="utf-8") == text


def test_pages_are_written_where_the_readme_has_no_markers(docs, tmp_path) -> None:
    tmp_path.joinpath("README.md").write_text("# None\n", encoding="utf-8")
    assert docs.main([], tmp_path, SAMPLES) == 1
    assert tmp_path.joinpath(RESOURCE.docs).exists()


def test_a_readme_that_does_not_exist_is_not_asked_for(docs, tmp_path) -> None:
    assert docs.main([], tmp_path, SAMPLES) == 0
    assert docs.main(["--check"], tmp_path, SAMPLES) == 0
    assert not tmp_path.joinpath("README.md").exists()


def test_the_index_counts_and_groups_by_concern(docs) -> None:
    assert f"\n{len(RULES)} rules, by concern.\n" in docs.index(RULES)
    assert re.findall(r"^## (.*)$", docs.index(RULES), re.MULTILINE) == [concern.value for concern in Concern]
    assert docs.index(RULES).count("](") == len(RULES)


def test_the_command_runs_on_its_own_tree(run, tree) -> None:
    assert run(["-m", "scripts.docs", "--check"]).returncode == 1
    assert run(["-m", "scripts.docs"]).returncode == 0
    assert run(["-m", "scripts.docs", "--check"]).returncode == 0
    assert len(list(tree.glob("docs/rules/*.md"))) == len(RULES) + 1


def test_every_line_of_the_catalogue_is_covered_or_left_out_with_a_reason() -> None:
    covered = {line for rule in RULES for line in rule.covers}
    assert covered <= set(coverage.LINES)
    assert covered | set(coverage.LEFT_OUT) == set(coverage.LINES)
    assert covered.isdisjoint(coverage.LEFT_OUT)
    assert all(coverage.LEFT_OUT.values())


def test_the_page_of_the_coverage_names_the_rules_of_a_line(docs) -> None:
    page = docs.coverage(RULES)
    for rule in RULES:
        for line in rule.covers:
            (row,) = [each for each in page.splitlines() if each.startswith(f"| {line} ")]
            assert f"(rules/{rule.id}.md)" in row
