"""Patterns: matching, covering, overlapping."""

from __future__ import annotations

import fnmatch
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.aws.regions import representatives
from policypack.guardrails.glob import compiled, overlapping

PATTERNS = st.text("ab*?:", max_size=6)
TEXTS = st.text("ab:", max_size=6)


def match(pattern: str, text: str) -> bool:
    return compiled(pattern).matches(text)


def covers(a: str, b: str) -> bool:
    return compiled(a).covers(compiled(b))


def overlaps(a: str, b: str) -> bool:
    return overlapping(compiled(a), compiled(b))


def reference(pattern: str, text: str) -> bool:
    translated = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch(translated, text, re.DOTALL) is not None


@settings(max_examples=100)
@given(PATTERNS, TEXTS)
def test_match_agrees_with_a_regular_expression(pattern: str, text: str) -> None:
    assert match(pattern, text) == reference(pattern, text) == fnmatch.fnmatchcase(text, pattern)


@settings(max_examples=100)
@given(PATTERNS, PATTERNS, TEXTS)
def test_covers_and_overlaps_hold_for_every_text(a: str, b: str, text: str) -> None:
    if match(a, text) and match(b, text):
        assert overlaps(a, b)
    if covers(a, b) and match(b, text):
        assert match(a, text)


@settings(max_examples=100)
@given(PATTERNS, PATTERNS)
def test_overlap_is_exact(a: str, b: str) -> None:
    texts, complete = representatives([compiled(a), compiled(b)], [])
    both = [text for text in texts if match(a, text) and match(b, text)]
    assert complete
    assert overlaps(a, b) == (bool(both) or (match(a, "") and match(b, "")))


@settings(max_examples=100)
@given(st.lists(PATTERNS, max_size=3), TEXTS)
def test_representatives_miss_no_combination(patterns: list[str], text: str) -> None:
    globs = [compiled(each) for each in patterns]
    found, complete = representatives(globs, [])
    assert complete
    if text:
        wanted = [glob.matches(text) for glob in globs]
        assert wanted in [[glob.matches(each) for glob in globs] for each in found]


def test_folded_patterns_cover_and_overlap_in_either_case() -> None:
    assert compiled("S3:*", fold=True).covers(compiled("s3:get*", fold=True))
    assert not covers("S3:*", "s3:get*")
    assert overlapping(compiled("S3:*", fold=True), compiled("*:GETOBJECT", fold=True))
    assert not overlaps("S3:*", "s3:*")


@settings(max_examples=100)
@given(PATTERNS, TEXTS, TEXTS, TEXTS)
def test_quotients_are_what_may_stand_in_the_middle(pattern: str, before: str, text: str, after: str) -> None:
    found = compiled(pattern).quotients(before, after)
    assert any(each.matches(text) for each in found) == match(pattern, before + text + after)


def test_hostile_patterns_end() -> None:
    assert not match("*a" * 2_000 + "b", "a" * 10_000)
    assert overlaps("*a" * 1_000, "a*" * 1_000)
    assert covers("*", "*a" * 5_000)
