"""What is said of a text that the language rejects, and that bad input ends soon."""

from __future__ import annotations

import pytest

from policypack.guardrails.oci import matching, statement
from policypack.guardrails.oci.reading import MAX_DEPTH
from policypack.guardrails.oci.rejection import Rejected

# text, column, what is found, words of `expected`, nearest, a word of the hint
MESSAGES = [
    ("Allwo group A to read buckets in tenancy", 1, "Allwo", "`allow`", "allow", None),
    ("Allow group A to mange buckets in tenancy", 18, "mange", "`manage`", "manage", None),
    ("Allow dynamicgroup A to read buckets in tenancy", 7, "dynamicgroup", "`dynamic-group`", "dynamic-group", None),
    ("Allow user alice to read buckets in tenancy", 7, "user", "`group`", None, "single user"),
    ("Allow group Net Admins to read vcns in tenancy", 17, "Admins", "`to`", None, "single quotes"),
    ("Allow group id Admins to read vcns in tenancy", 16, "Admins", "OCID", None, "only an OCID"),
    ("Allow group A to read, use vcns in tenancy", 22, ",", "resource type", None, "one verb"),
    ("Allow group A to read vcns, subnets in tenancy", 27, ",", "`in`", None, "one resource type"),
    ("Allow group A to read vcns in compartment", 42, "", "a name", None, None),
    ("Allow group A to read vcns in compartment B, compartment C", 44, ",", "`where`", None, "one location"),
    ("Allow group A to read vcns in tenancy were a.b = 'x'", 39, "were", "`where`", "where", None),
    ("Allow group A to read vcns in tenancy where a.b == 'x'", 50, "=", "single quotes", None, "one `=`"),
    ("Allow group A to read vcns in tenancy where a.b = 'x' and c.d = 'y'", 55, "and", "the end", None, "all {…}"),
    ("Allow group A to read vcns in tenancy where a.b = “x”", 51, "“", "/pattern/", None, "plain single quotes"),
    ('Allow group "A" to read vcns in tenancy', 13, '"', "a name", None, "plain single quotes"),
    ("Allow group A to read vcns in tenancy where a.b = 'x", 51, "'x", "single quotes", None, "not closed"),
    ("Allow group A\u200b to read vcns in tenancy", 14, "\\u200b", "`to`", None, "U+200B"),
    ("Allow group A\0 to read vcns in tenancy", 14, "\\x00", "`to`", None, "U+0000"),
    ("Admit group A of any-tenancy to read vcns in tenancy", 18, "any-tenancy", "`tenancy`", "tenancy", "any-user"),
    (
        "Allow group A to manage pre-authenticated-requests in tenancy",
        25,
        "pre-authenticated-requests",
        "type",
        "buckets",
        None,
    ),
    ("", 1, "", "`allow`", None, None),
]


@pytest.mark.parametrize(
    ("text", "column", "found", "expected", "nearest", "hint"), MESSAGES, ids=[m[0] for m in MESSAGES]
)
def test_a_rejection_says_where_what_was_expected_and_what_may_be_meant(text, column, found, expected, nearest, hint):
    rejected = statement.parse(text)
    assert isinstance(rejected, Rejected)
    assert (rejected.column, rejected.found, rejected.nearest) == (column, found, nearest)
    assert expected in rejected.expected
    assert (hint in rejected.hint) if hint else rejected.hint is None


def test_a_rejection_reads_as_one_sentence():
    assert str(statement.parse("Allow group Ops to mange vcns in tenancy")) == (
        "column 20: expected `inspect`, `read`, `use`, `manage` or `{`, but found `mange`; did you mean `manage`?; "
        "near: Allow group Ops to mange vcns in tenancy"
    )
    assert str(statement.parse("define tenancy A as")) == (
        "column 20: expected an OCID (`ocid1.…`), but the text ends; near: define tenancy A as"
    )


HEAD = "allow group A to read buckets in tenancy where "
FLOODS = {
    "a megabyte of letters": "a" * 1_000_000,
    "a megabyte of blanks": " " * 1_000_000,
    "a megabyte of names": f"allow group {'a,' * 500_000}b to read buckets in tenancy",
    "a megabyte of open braces": "{" * 1_000_000,
    "10,000 open conditions": HEAD + "all{" * 10_000,
    "10,000 closed conditions": HEAD + "all{" * 10_000 + "a.b='x'" + "}" * 10_000,
    "10,000 closing braces": HEAD + "}" * 10_000,
    "10,000 open quotes and braces": HEAD + "'{" * 9_999,
    "10,000 slashes": HEAD + "a.b = " + "/ " * 10_000,
    "10,000 backslashes": HEAD + "a.b = '" + "\\" * 10_001,
    "10,000 NULs": "\0" * 10_000,
    "10,000 dots": HEAD + "a." * 10_000,
    "10,000 lone surrogates": "\ud800" * 10_000,
}


@pytest.mark.parametrize("text", FLOODS.values(), ids=FLOODS)
@pytest.mark.parametrize("parse", [statement.parse, matching.parse], ids=["statement", "matching rule"])
def test_floods_end_in_one_short_rejection(parse, text):
    rejected = parse(text)
    assert isinstance(rejected, Rejected)
    assert len(str(rejected).encode()) < 700


@pytest.mark.parametrize(("depth", "accepted"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_the_depth_that_is_read(depth, accepted):
    text = HEAD + "any {" * depth + "a.b = '{'" + "}" * depth
    read = statement.parse(text)
    assert isinstance(read, statement.Grant) is accepted
    assert accepted or "within each other" in read.expected


def test_many_conditions_beside_each_other_are_no_depth():
    members = ", ".join("any {a.b = 'x'}" for _ in range(200))
    assert isinstance(statement.parse(f"{HEAD} all {{{members}}}"), statement.Grant)
