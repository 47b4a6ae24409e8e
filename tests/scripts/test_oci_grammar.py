"""The kept tables of the parser of OCI statements."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
    kept = tmp_path / "grammar.json"
    monkeypatch.setattr(oci_grammar, "TABLES", kept)
    assert oci_grammar.main([]) == 0
    assert oci_grammar.main(["--check"]) == 0
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("[0,", "[1,", 1), encoding="utf-8")
    assert oci_grammar.main(["--check"]) == 1
    assert "run python -m scripts.oci_grammar" in capsys.readouterr().err
    assert oci_grammar.main(["--else"]) == 2


def test_each_process_writes_the_same_tables():
    write = "from scripts.oci_grammar import tables; print(tables(), end='')"
    written = subprocess.run(
        [sys.executable, "-c", write],
        cwd=oci_grammar.TABLES.parents[4],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert written.stdout == oci_grammar.TABLES.read_text(encoding="utf-8")


def test_what_is_asked_of_lark_is_part_of_what_the_tables_are_of(monkeypatch: pytest.MonkeyPatch):
    before = grammar.digest()
    monkeypatch.setitem(grammar._OPTIONS, "start", ["statement"])
    assert grammar.digest() != before
