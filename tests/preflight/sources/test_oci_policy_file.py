"""Files of OCI statements: how a text is cut into statements, and in what JSON they are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preflight.sources.oci_policy_file import holds_statements, parse

ONE = "Allow group A to read buckets in tenancy"
OTHER = "Define tenancy P as ocid1.tenancy.oc1..p"
RULE = "resource.id = 'ocid1.fnfunc.oc1..f'"


def statements(text: str) -> list[tuple[str, tuple[int, ...]]]:
    (part,) = parse(Path("x.txt"), text).parts
    return [(each.text, each.lines) for each in part.written]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(ONE, [(ONE, (1,))], id="one"),
        pytest.param(f"{ONE}\r\n{OTHER}", [(ONE, (1,)), (OTHER, (2,))], id="two"),
        pytest.param(
            "allow group A\n\n  # to\n  // or\n  to read buckets in tenancy\n",
            [("allow group A\n  to read buckets in tenancy", (1, 5))],
            id="on several lines",
        ),
        pytest.param(
            "deny\nendorse group A to read buckets in any-tenancy",
            [("deny\nendorse group A to read buckets in any-tenancy", (1, 2))],
            id="deny and endorse on two lines",
        ),
        pytest.param(
            f"Alow group A to x\n{ONE}", [("Alow group A to x", (1,)), (ONE, (2,))], id="a misspelt one first"
        ),
        pytest.param(
            f"{ONE}\nAlow any-user to x", [(ONE, (1,)), ("Alow any-user to x", (2,))], id="a misspelt one later"
        ),
        pytest.param(f"  {ONE}  ", [(f"  {ONE}", (1,))], id="blanks"),
        pytest.param(
            f"{ONE}\n- {OTHER}\n2. {ONE}", [(ONE, (1,)), (f"  {OTHER}", (2,)), (f"   {ONE}", (3,))], id="bullets"
        ),
        pytest.param(
            f'statements = [\n  "{ONE}",\n  "{OTHER}"\n]\n', [(f"   {ONE}", (2,)), (f"   {OTHER}", (3,))], id="HCL"
        ),
        pytest.param(
            f"'{ONE}\n  where target.bucket.name = 'x'',\n'{ONE} where target.bucket.name = 'x'",
            [
                (f" {ONE}\n  where target.bucket.name = 'x'", (1, 2)),
                (f" {ONE} where target.bucket.name = 'x'", (3,)),
            ],
            id="the quote of a value stays",
        ),
        pytest.param(
            f"{ONE} where any {{\n  target.bucket.name = 'x'\n}}\n{ONE}",
            [(f"{ONE} where any {{\n  target.bucket.name = 'x'\n}}", (1, 2, 3)), (ONE, (4,))],
            id="a brace of a condition",
        ),
        pytest.param(f"{ONE}\nStorage: {ONE}", [(ONE, (1,)), (f"Storage: {ONE}", (2,))], id="words before one"),
        pytest.param(
            f"{ONE} where\n  target.bucket.name = 'allow group B'",
            [(f"{ONE} where\n  target.bucket.name = 'allow group B'", (1, 2))],
            id="a value like a statement",
        ),
    ],
)
def test_a_text_is_cut_where_a_statement_starts(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert statements(text) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param([ONE, OTHER], [("statements", "", False, ["statements[0]", "statements[1]"])], id="a list"),
        pytest.param({"statements": [ONE]}, [("statements", "", False, ["statements[0]"])], id="a policy"),
        pytest.param(
            {"data": {"name": "p", "compartment-id": "c", "statements": [ONE]}},
            [("data.statements", "p", False, ["data.statements[0]"])],
            id="oci iam policy get",
        ),
        pytest.param(
            {"data": [{"statements": [ONE]}, {"statements": []}]},
            [
                ("data[0].statements", "", False, ["data[0].statements[0]"]),
                ("data[1].statements", "", False, []),
            ],
            id="oci iam policy list",
        ),
        pytest.param({"matchingRule": RULE}, [("matchingRule", "", True, ["matchingRule"])], id="a dynamic group"),
        pytest.param(
            {"data": [{"name": "g", "matching-rule": RULE}]},
            [("data[0].matching-rule", "g", True, ["data[0].matching-rule"])],
            id="oci iam dynamic-group list",
        ),
    ],
)
def test_statements_are_found_in_json(content: object, expected: list[tuple[str, str, bool, list[str]]]) -> None:
    text = json.dumps(content)
    file = parse(Path("x.json"), text)
    assert [(part.path, part.name, part.rule, [each.path for each in part.written]) for part in file.parts] == expected
    assert bool(file.unwrapped) == ("data" in content)
    assert holds_statements(text)


@pytest.mark.parametrize(
    "text",
    [RULE, f"# a rule\nALL {{{RULE},\n  resource.type = 'fnfunc'}}", "tag.ops.role.value"],
    ids=["a test", "all", "a tag"],
)
def test_a_matching_rule_may_be_given_as_text(text: str) -> None:
    (part,) = parse(Path("x.txt"), text).parts
    assert (part.path, part.rule) == ("matchingRule", True)
    assert part.written[0].text == text.removeprefix("# a rule\n")
    assert holds_statements(text)


@pytest.mark.parametrize(("text", "marked"), [(ONE, False), (f"* {ONE}", True), (f'"{ONE}"', True)])
def test_a_file_says_that_something_was_put_around_statements(text: str, marked: bool) -> None:
    assert parse(Path("x.txt"), text).marked is marked
    assert holds_statements(text)


def test_the_lines_of_json_are_known_and_each_text_keeps_its_own() -> None:
    text = json.dumps({"statements": [ONE, OTHER, ONE, f"{ONE}\n", "\ud800"]}, indent=1)
    (part,) = parse(Path("x.json"), text).parts
    assert [each.line for each in part.written] == [3, 4, 5, 6, 7]
    part.written[-1].text.encode()


@pytest.mark.parametrize(
    "text",
    ["", "# Allow\n", "allowed", '{"Statement": []}', "[1]", "[[1]]", "{", "[" * 100_000, '["x"]', '{"statements": 1}'],
    ids=lambda text: text[:20],
)
def test_what_is_not_plainly_a_file_of_statements(text: str) -> None:
    assert not holds_statements(text)
