"""The kept tables of the parser of OCI statements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policypack.guardrails.oci import grammar, matching, statement
from scripts import oci_grammar

SAMPLE = json.loads((Path(__file__).parents[1] / "data" / "oci-statements.json").read_text(encoding="utf-8"))
RULE = "all {resource.type = 'fnfunc', any {tag.a.b.value, resource.id != 'x'}}"


def read() -> list[object]:
    texts = [case["statement"] for case in SAMPLE]
    return [*map(statement.parse, texts), matching.parse(RULE), matching.parse(f"{RULE}}}")]


def test_the_kept_tables_are_those_of_the_grammar():
    assert oci_grammar.main(["--check"]) == 0


def test_without_tables_of_this_grammar_the_same_is_read(monkeypatch: pytest.MonkeyPatch):
    kept = read()
    monkeypatch.setattr(grammar, "digest", lambda: "of another version")
    grammar._parser.cache_clear()
    try:
        assert read() == kept
    finally:
        grammar._parser.cache_clear()


def test_tables_are_written_and_checked(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys):
    monkeypatch.setattr(oci_grammar, "TABLES", tmp_path / "grammar.json")
    assert oci_grammar.main([]) == 0
    assert oci_grammar.main(["--check"]) == 0
    monkeypatch.setattr(oci_grammar, "digest", lambda: "of another version")
    assert oci_grammar.main(["--check"]) == 1
    assert "run python -m scripts.oci_grammar" in capsys.readouterr().err
    assert oci_grammar.main(["--else"]) == 2
