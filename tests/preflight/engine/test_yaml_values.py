"""Scalars as the CLI reads them and hands them on."""

from __future__ import annotations

from pathlib import Path

import pytest

from preflight.engine import yaml_values
from preflight.errors import CheckError


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("TRUE", "true"),
        ("false", "false"),
        ("12", "12"),
        ("-0", "0"),
        ("007", "7"),
        ("0o17", "15"),
        ("0b101", "5"),
        ("1_000", "1000"),
        ("1.50", "1.5"),
        ("2.0", "2"),
        ("1e3", "1000"),
        ("1e21", "1e+21"),
        (".inf", "+Inf"),
        ("1.2.3", "1.2.3"),
        ("12:30", "12:30"),
        ("2012-10-17", "2012-10-17 00:00:00 +0000 UTC"),
        ("'2012-10-17'", "2012-10-17"),
        ("2001-12-14T21:59:43Z", "2001-12-14 21:59:43 +0000 UTC"),
        ("~", ""),
        ("", ""),
        ("[]", "[]"),
        ("{a: 2012-10-17}", '{"a":"2012-10-17T00:00:00Z"}'),
        ("{b: 1.0, a: <x>}", '{"a":"\\u003cx\\u003e","b":1}'),
        ("&x [1, 2]", "[1,2]"),
    ],
)
def test_text_of_a_value(tmp_path: Path, written: str, expected: str) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(f"key: {written}\n")
    assert yaml_values.text(yaml_values.load(path)["key"]) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [", "values.yaml:2 is not valid YAML"),
        ("- a", "must hold a mapping"),
        ("a: !!python/object/apply:os.getcwd []", "is not valid YAML"),
    ],
)
def test_what_is_not_a_mapping_is_one_clear_error(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(content + "\n")
    with pytest.raises(CheckError, match=message):
        yaml_values.load(path)


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(LAUGHS, r"Pulumi\.yaml stands for more than 100,000 values", id="aliases of aliases"),
        pytest.param(
            f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 200)}]\n",
            r"Pulumi\.yaml stands for more than 100,000 values",
            id="a long text",
        ),
        pytest.param(
            LAUGHS.replace("[x, x]", "{x: 1}").replace("[", "{<<: [").replace("]", "]}"),
            r"Pulumi\.yaml stands for more than 100,000 values",
            id="merged mappings",
        ),
        pytest.param("a:\n  b: &c [*c]\n", r"Pulumi\.yaml:2 has a value that contains itself", id="list in itself"),
        pytest.param("a: &c\n  b: *c\n", r"Pulumi\.yaml:1 has a value that contains itself", id="mapping in itself"),
        pytest.param("a: &c {<<: *c}\n", r"Pulumi\.yaml:1 has a value that contains itself", id="merged into itself"),
        pytest.param(
            "a: " + "[" * 99 + "]" * 99 + "\nb: " + "{c: " * 100 + "}" * 100,
            r"Pulumi\.yaml:2 is nested more than 100 levels deep",
            id="deep",
        ),
        pytest.param(
            "a: " + "[" * 5_000 + "]" * 5_000, r"Pulumi\.yaml is nested more than 100 levels deep", id="very deep"
        ),
        pytest.param(
            "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 5_000)),
            "is nested more than 100 levels deep",
            id="deep by aliases",
        ),
        pytest.param("a: 1\nb: 2\na: 3\n", r"Pulumi\.yaml:3 gives the key 'a' once more, after line 1", id="key"),
        pytest.param("b: [{c: 1, 'c': 2}]\n", r"Pulumi\.yaml:1 gives the key 'c' once more", id="inner key"),
        pytest.param("a: " + "1" * 6_000, r"Pulumi\.yaml is not valid YAML", id="a number without end"),
    ],
)
def test_what_nobody_can_mean_is_one_clear_error(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "Pulumi.yaml"
    path.write_text(content)
    with pytest.raises(CheckError, match=message):
        yaml_values.load(path)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        pytest.param("[" + "x, " * 150_000 + "]", ["x"] * 150_000, id="many values, all written"),
        pytest.param("[&a [1], *a, [*a]]", [[1], [1], [[1]]], id="aliases"),
        pytest.param(
            "{d: &d {x: 1, y: 2}, e: {<<: *d, x: 3}}", {"d": {"x": 1, "y": 2}, "e": {"x": 3, "y": 2}}, id="merge"
        ),
        pytest.param("[" * 98 + "]" * 98, None, id="just deep enough"),
    ],
)
def test_what_is_large_or_repeated_on_purpose_is_read(tmp_path: Path, content: str, value: object) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(f"key: {content}\n")
    read = yaml_values.load(path)["key"]
    assert read == value if value is not None else yaml_values.text(read) == content


def test_an_empty_file_is_an_empty_mapping_and_a_missing_one_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").touch()
    assert yaml_values.load(tmp_path / "empty.yaml") == {}
    with pytest.raises(CheckError, match="cannot read"):
        yaml_values.load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param('a: 1\nb: "open\nc: 2\n', 2, id="a text that is never closed"),
        pytest.param("a: 1\nb: 2\nc: [1,\nd: 2\n", 3, id="a list that is never closed"),
        pytest.param("a: 1\n\tb: 2\n", 2, id="a tab"),
        pytest.param("a: 1\nb: \x00\n", 2, id="a character that is none"),
    ],
)
def test_an_error_names_its_line(tmp_path: Path, content: str, line: int) -> None:
    path = tmp_path / "Pulumi.yaml"
    path.write_text(content)
    with pytest.raises(CheckError, match=rf"Pulumi\.yaml:{line} is not valid YAML"):
        yaml_values.load(path)
