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
