"""What is said of a text that the language rejects, and that bad input ends soon."""

from __future__ import annotations

import pytest

from policypack.guardrails.oci import matching, statement
from policypack.guardrails.oci.reading import MAX_DEPTH
from policypack.guardrails.oci.rejections.rejection import Rejected
from policypack.guardrails.oci.tree import Grant

HERE = "Allow group A to read vcns in tenancy"
WHERE = f"{HERE} where"

# text, column, what is found, words of `expected`, a word of the hint, the corrected statement
MESSAGES = [
    ("Allwo group A to read vcns in tenancy", 1, "Allwo", "`allow`", None, HERE),
    (
        "group A to read vcns in tenancy",
        1,
        "group",
        "`allow`",
        "starts with `allow`",
        "Allow group A to read vcns in tenancy",
    ),
    (f'"{HERE}"', 1, '"', "`allow`", "in no quotes", HERE),
    ("", 1, "", "`allow`", None, None),
    (
        "Allow dynamicgroup A to read vcns in tenancy",
        7,
        "dynamicgroup",
        "`dynamic-group`",
        None,
        "Allow dynamic-group A to read vcns in tenancy",
    ),
    ("Allow user alice to read vcns in tenancy", 7, "user", "`group`", "single user", None),
    ("Allow everyone to read vcns in tenancy", 7, "everyone", "`any-group`", "`any-group`", None),
    ("Allow A to read vcns in tenancy", 7, "A", "`group`", "what the name is of", None),
    (
        "Allow any\u2011user to read vcns in tenancy",
        7,
        "any\u2011user",
        "`any-user`",
        "U+2011",
        None,
    ),
    (
        "Allow group Net Admins to read vcns in tenancy",
        17,
        "Admins",
        "`to`",
        "single quotes",
        "Allow group 'Net Admins' to read vcns in tenancy",
    ),
    (
        "Allow group Net Admins, B to mange vcns in compartment A B",
        17,
        "Admins",
        "`to`",
        "single quotes",
        "Allow group 'Net Admins', B to manage vcns in compartment 'A B'",
    ),
    ("Allow group id Admins to read vcns in tenancy", 16, "Admins", "OCID", "only an OCID", None),
    (
        "Allow group ocid1.group.oc1..a to read vcns in tenancy",
        13,
        "ocid1.group.oc1..a",
        "`id`",
        "stands `id`",
        "Allow group id ocid1.group.oc1..a to read vcns in tenancy",
    ),
    ("Allow group <group> to read vcns in tenancy", 13, "<", "a name", "placeholder", None),
    (
        'Allow group "A" to read vcns in tenancy',
        13,
        '"',
        "a name",
        "plain single quotes",
        "Allow group 'A' to read vcns in tenancy",
    ),
    ("Allow group A\u200b to read vcns in tenancy", 14, "\\u200b", "`to`", "U+200B", HERE),
    ("Allow group A\0 to read vcns in tenancy", 14, "\\x00", "`to`", "U+0000", None),
    ("Allow group A read vcns in tenancy", 15, "read", "`to`", "`to` is missing", HERE),
    ("Allow group to manage vcns in tenancy", 16, "manage", "`to`", "name of the group", None),
    (
        "Allow group A to mange vcns in tenancy",
        18,
        "mange",
        "`manage`",
        None,
        "Allow group A to manage vcns in tenancy",
    ),
    ("Allow group A to write vcns in tenancy", 18, "write", "`manage`", "`use` changes", None),
    (
        "Allow group A to delete vcns in tenancy",
        18,
        "delete",
        "`manage`",
        "`manage`",
        "Allow group A to manage vcns in tenancy",
    ),
    ("Allow group A to vcns in tenancy", 18, "vcns", "`read`", "a verb stands", None),
    (
        "Allow group A to read, use vcns in tenancy",
        22,
        ",",
        "resource type",
        "holds the lower",
        "Allow group A to use vcns in tenancy",
    ),
    ("Allow group A to read and use vcns in tenancy", 27, "use", "`in`", "one verb", None),
    ("Allow group A to read vcns, subnets in tenancy", 27, ",", "`in`", "one resource type", None),
    (
        "Allow group A to manage all resources in tenancy",
        29,
        "resources",
        "`in`",
        "hyphens",
        None,
    ),
    ("Allow group A to manage in tenancy", 28, "tenancy", "`in`", "type is missing", None),
    (
        "Allow group A to {VCN_READ} vcns in tenancy",
        29,
        "vcns",
        "`in`",
        "takes the place",
        "Allow group A to {VCN_READ} in tenancy",
    ),
    ("Allow group A to {VCN_READ in tenancy", 28, "in", "`}`", "column 18", "Allow group A to {VCN_READ} in tenancy"),
    ("Allow group A to read vcns", 27, "", "`in`", "location is missing", None),
    ("Allow group A to read vcns where a.b = 'x'", 28, "where", "`in`", "location is missing", None),
    (
        "Allow group A to read vcns in Data",
        31,
        "Data",
        "`compartment`",
        "`compartment NAME`",
        "Allow group A to read vcns in compartment Data",
    ),
    ("Allow group A to read vcns in tenency", 31, "tenency", "`tenancy`", None, HERE),
    ("Allow group A to read vcns in the tenancy", 31, "the", "`tenancy`", "leave out", HERE),
    ("Allow group A to read vcns in any-tenancy", 31, "any-tenancy", "`tenancy`", "`endorse`", None),
    (
        "Allow group A to read vcns in ocid1.compartment.oc1..a",
        31,
        "ocid1.compartment.oc1..a",
        "`compartment`",
        "`compartment id`",
        "Allow group A to read vcns in compartment id ocid1.compartment.oc1..a",
    ),
    ("Allow group A to read vcns in compartment", 42, "", "a name", "missing", None),
    (
        "Allow group A to read vcns in compartment ocid1.compartment.oc1..a",
        43,
        "ocid1.compartment.oc1..a",
        "`id`",
        "stands `id`",
        "Allow group A to read vcns in compartment id ocid1.compartment.oc1..a",
    ),
    ("Allow group A to read vcns in compartment B, compartment C", 44, ",", "`where`", "one location", None),
    (f"{HERE} Partner", 39, "Partner", "the end", "`endorse`", None),
    (f"{HERE}.", 31, "tenancy.", "`tenancy`", "full stop", HERE),
    (f"{HERE};", 38, ";", "the end", "without `;`", HERE),
    (f"{HERE}; {HERE}", 38, ";", "the end", "one statement a text", None),
    (f"{HERE} // ours", 39, "//", "the end", "no comments", HERE),
    (f"{HERE} were a.b = 'x'", 39, "were", "`where`", None, f"{WHERE} a.b = 'x'"),
    (f"{HERE} if a.b = 'x'", 39, "if", "`where`", "`where`", f"{WHERE} a.b = 'x'"),
    (WHERE, 44, "", "`all`", "condition is missing", None),
    (f"{WHERE} a.b == 'x'", 50, "=", "single quotes", "one `=`", f"{WHERE} a.b = 'x'"),
    (f"{WHERE} a.b =~ /x*/", 50, "~", "/pattern/", "one `=`", f"{WHERE} a.b = /x*/"),
    (f"{WHERE} a.b <> 'x'", 49, "<", "`!=`", "`!=`", f"{WHERE} a.b != 'x'"),
    (f"{WHERE} a.b < 'x'", 49, "<", "`before`", "`before`", None),
    (f"{WHERE} a.b like 'x%'", 49, "like", "`=`", "pattern", None),
    (f"{WHERE} a.b = 5", 51, "5", "single quotes", "single quotes", f"{WHERE} a.b = '5'"),
    (
        f"{WHERE} request.permission = VCN_READ",
        66,
        "VCN_READ",
        "single quotes",
        "single quotes",
        f"{WHERE} request.permission = 'VCN_READ'",
    ),
    (f"{WHERE} a.b = ('x', 'y')", 51, "(", "/pattern/", "follows `in`", f"{WHERE} a.b in ('x', 'y')"),
    (f"{WHERE} a.b = \u201cx\u201d", 51, "\u201c", "/pattern/", "plain single quotes", f"{WHERE} a.b = 'x'"),
    (f"{WHERE} a.b = 'x", 51, "'x", "single quotes", "not closed", f"{WHERE} a.b = 'x'"),
    (f"{WHERE} a.b = 'x y", 51, "'x y", "single quotes", "not closed", None),
    (f"{WHERE} plain = 'x'", 45, "plain", "variable", "several parts", None),
    (f"{WHERE} {{a.b = 'x'}}", 45, "{", "`all`", "`all` or `any`", None),
    (f"{WHERE} all (a.b = 'x')", 49, "(", "`{`", "braces", f"{WHERE} all {{a.b = 'x'}}"),
    (f"{WHERE} a.b = 'x', c.d = 'y'", 54, ",", "the end", "`all {…}`", None),
    (
        f"{WHERE} a.b = 'x' and c.d = 'and' AND e.f",
        55,
        "and",
        "the end",
        "all {…}",
        f"{WHERE} all {{a.b = 'x', c.d = 'and', e.f}}",
    ),
    (f"{WHERE} any {{a.b = 'x' or c.d = 'y'}}", 60, "or", "`,`", "commas", f"{WHERE} any {{a.b = 'x', c.d = 'y'}}"),
    (f"{WHERE} any {{a.b = 'x' and c.d = 'y'}}", 60, "and", "`,`", "commas", None),
    (f"{WHERE} all {{a.b = 'x',}}", 60, "}", "variable", "comma", f"{WHERE} all {{a.b = 'x'}}"),
    (f"{WHERE} any {{a.b, all {{c.d", 63, "", "`}`", "column 59", None),
    (f"{WHERE} all {{a.b = 'x'}}}}", 60, "}", "the end", "closes nothing", f"{WHERE} all {{a.b = 'x'}}"),
    (
        "Allow dynamic group A to read vcns in tenancy",
        7,
        "dynamic",
        "`dynamic-group`",
        "hyphen",
        "Allow dynamic-group A to read vcns in tenancy",
    ),
    (
        "Allow any users to read vcns in tenancy",
        7,
        "any",
        "`any-user`",
        "hyphen",
        None,
    ),
    (
        "Allow group A and group 'B C' to read vcns in tenancy",
        15,
        "and",
        "`to`",
        "stands once",
        "Allow group A, 'B C' to read vcns in tenancy",
    ),
    (
        "Allow group A, group B to read vcns in tenancy",
        22,
        "B",
        "`to`",
        "stands once",
        "Allow group A, B to read vcns in tenancy",
    ),
    ("Allow group A, dynamic-group B to read vcns in tenancy", 30, "B", "`to`", "one kind of principal", None),
    ("Allow group A and dynamic-group B to read vcns in tenancy", 15, "and", "`to`", "one kind of principal", None),
    ("Allow any-user and group B to read vcns in tenancy", 16, "and", "`to`", "one kind of principal", None),
    ("Allow group A and B to read vcns in tenancy", 15, "and", "`to`", "`group A, B`", None),
    ("Allow group A B or C to read vcns in tenancy", 15, "B", "`to`", None, None),
    (
        "Allow group A to manage\u00a0vcns in tenancy",
        24,
        "U+00A0",
        "resource type",
        "U+00A0 at column 24",
        "Allow group A to manage vcns in tenancy",
    ),
    ("Allow group A to read {VCN_READ} in tenancy", 23, "{", "resource type", "takes the place", None),
    (
        "Allow group A to {read} vcns in tenancy",
        25,
        "vcns",
        "`in`",
        "no braces",
        "Allow group A to read vcns in tenancy",
    ),
    ("Allow group A to {VCN_READ} vcns subnets in tenancy", 29, "vcns", "`in`", "takes the place", None),
    ("Allow group A to read vcns on tenancy", 28, "on", "`in`", "stands `in`", "Allow group A to read vcns in tenancy"),
    ("Allow group A to read vcns in region fra", 31, "region", "`tenancy`", "is a condition", None),
    ("Allow group A to read vcns in all compartments", 31, "all", "`tenancy`", "one location", None),
    ("Allow group A to read vcns in Data, Logs", 31, "Data", "`compartment`", "`compartment NAME`", None),
    ("Allow group A to read vcns in compartment B and compartment C", 45, "and", "`where`", "one location", None),
    (
        "Allow group A to read vcns in compartment B/C/D",
        44,
        "/C/",
        "`:`",
        "`A:B`",
        "Allow group A to read vcns in compartment B:C:D",
    ),
    (
        "Allow group A to read vcns in compartment B C when a.b = 'x'",
        45,
        "C",
        "`where`",
        "single quotes",
        "Allow group A to read vcns in compartment 'B C' where a.b = 'x'",
    ),
    (
        "Allow group A to read vcns in compartment B if a.b = 'x'",
        45,
        "if",
        "`where`",
        "`where`",
        "Allow group A to read vcns in compartment B where a.b = 'x'",
    ),
    (f"{WHERE} a.b in 'x', 'y'", 52, "'x'", "`(`", "round brackets", f"{WHERE} a.b in ('x', 'y')"),
    (f"{WHERE} a.b in {{'x', 'y'}}", 52, "{", "`(`", "round brackets", f"{WHERE} a.b in ('x', 'y')"),
    (f"{WHERE} a.b in c.d", 52, "c.d", "`(`", "round brackets", None),
    (f"{WHERE} a.b in ('x' 'y')", 57, "'y'", "`)`", "comma is missing", f"{WHERE} a.b in ('x', 'y')"),
    (f"{WHERE} a.b = {{'x', 'y'}}", 51, "{", "/pattern/", "follows `in`", f"{WHERE} a.b in ('x', 'y')"),
    (f"{WHERE} (a.b = 'x)')", 45, "(", "`all`", "no brackets", f"{WHERE} a.b = 'x)'"),
    (f"{WHERE} (a.b = 'x' or c.d = 'y')", 45, "(", "`all`", "no brackets", f"{WHERE} any {{a.b = 'x', c.d = 'y'}}"),
    (f"{WHERE} (a.b = 'x') or (c.d = 'y')", 45, "(", "`all`", "no brackets", None),
    (
        f"{WHERE} all {{a.b = 'x' c.d = 'y' any {{e.f}}}}",
        60,
        "c.d",
        "`,`",
        "comma is missing",
        f"{WHERE} all {{a.b = 'x', c.d = 'y', any {{e.f}}}}",
    ),
    (f"{WHERE} a.b = 'x' c.d = 'y'", 55, "c.d", "the end", "join several tests", None),
    ("Allow any-uesr to read vcns in tenancy", 7, "any-uesr", "`any-user`", None, None),
    ("Allow group A to { vcns in tenancy", 25, "in", "`}`", "column 18", None),
    ("Allow group A to users read in tenancy", 18, "users", "`use`", "a verb stands", None),
    (f"{HERE} // ours\nwhere a.b = 'x'", 39, "//", "the end", "no comments", f"{HERE} \nwhere a.b = 'x'"),
    (f"{HERE} /* ours */ where a.b = 'x'", 39, "/*", "the end", "no comments", f"{HERE}  where a.b = 'x'"),
    (f"{WHERE} a.b /*/", 49, "/*", "`=`", None, None),
    (f"{WHERE} a.b = x*/", 51, "x", "/pattern/", "between slashes", None),
    (f"{WHERE} all {{any {{a.b}}, c.d}}}}", 65, "}", "the end", "closes nothing", None),
    (
        "Allow group A to read vcns in compartment B here a.b = /x/",
        45,
        "here",
        "`where`",
        None,
        "Allow group A to read vcns in compartment B where a.b = /x/",
    ),
    ("Allow group '' to read vcns in tenancy", 13, "''", "a name", "missing", None),
    ("Allow group id '' to read vcns in tenancy", 16, "''", "OCID", "only an OCID", None),
    ("Admit group A of any-tenancy to read vcns in tenancy", 18, "any-tenancy", "`tenancy`", "any-user", None),
    ("Endorse group A to read vcns in tenancy", 40, "", "`with`", "`any-tenancy`", None),
    ("Define tenancy A as Partner", 21, "Partner", "OCID", "only an OCID", None),
]


@pytest.mark.parametrize(
    ("text", "column", "found", "expected", "hint", "corrected"), MESSAGES, ids=[m[0] for m in MESSAGES]
)
def test_a_rejection_says_where_what_was_expected_and_what_is_meant(text, column, found, expected, hint, corrected):
    rejected = statement.parse(text)
    assert isinstance(rejected, Rejected)
    assert (rejected.column, rejected.found, rejected.corrected) == (column, found, corrected)
    assert expected in rejected.expected
    assert (hint in rejected.hint) if hint else rejected.hint is None
    assert len(str(rejected)) <= 300


# What takes something away, or means something else than the nearest word; a grave grant.
NOT_WRITTEN = [
    "Unallow group A to read vcns in tenancy",
    "Noallow group A to read vcns in tenancy",
    "Dis-allow group A to read vcns in tenancy",
    "Dallow group A to read vcns in tenancy",
    "Do not allow group A to read vcns in tenancy",
    "Allow non-group A to read vcns in tenancy",
    "Allow any-user-but A to read vcns in compartment B",
    "Allow group A not to manage vcns in tenancy",
    "Allow group A but not B to manage vcns in tenancy",
    "Allow group A, not B to manage vcns in tenancy",
    "Allow group A minus B to manage vcns in tenancy",
    "Allow group A is denied to manage vcns in tenancy",
    "Allow group not A to manage vcns in tenancy",
    "Allow group A to manage vcns in compartment X except Y",
    "Allow group A to manage vcns in non-tenancy",
    "Allow group A to unmanage vcns in tenancy",
    "Allow group A to insert vcns in tenancy",
    "Allow group A to raed vcns in tenancy",
    "Allow group A to update virtual-network-family in tenancy",
    "Allow group A to update new-things in tenancy",
    "Allow group A to update all-resources in compartment B",
    "Allow group A to delete all-resources in tenancy",
    "Allow group A to administer all-resources in tenancy",
    "Allow group A to update policies in tenancy",
    "Allow group A to mange users in tenancy",
    "Allow any-user to mange objects in compartment B",
    "Endorse group A to mange objects in any-tenancy",
    "Admit any-user of any-tenancy to mange objects in compartment B",
    "Allow group A to {VCN_READ} except in tenancy",
    f"{HERE} wherenot a.b = 'x'",
    f"{HERE} // not ours",
    f"{WHERE} a.b =~ 'x'",
    f"{WHERE} a.b nin ('x')",
    f"{WHERE} a.b is no x",
]


@pytest.mark.parametrize("text", NOT_WRITTEN)
def test_what_may_mean_something_else_is_not_written(text):
    rejected = statement.parse(text)
    assert isinstance(rejected, Rejected)
    assert rejected.corrected is None
    assert not rejected.told()[1].startswith("Write: ")
    assert rejected.nearest != "inspect"


# A part of `HERE` -> what is written in its place, and what for
WRITTEN = [
    ("Allow", "Disallow", "Deny"),
    ("read vcns", "update security-lists", "manage security-lists"),
    ("read vcns", "update buckets", "use buckets"),
    ("read vcns", "create buckets", "manage buckets"),
    ("read vcns", "invoke fn-invocation", "use fn-invocation"),
    ("read vcns in tenancy", "mange all-resources in compartment B", "manage all-resources in compartment B"),
    ("read vcns", "{BUCKET_READ OBJECT_READ and VCN_READ}", "{BUCKET_READ, OBJECT_READ, VCN_READ}"),
    ("Allow group A", "Deny any-uesr", "Deny any-user"),
    ("group A", "group Unix Admins", "group 'Unix Admins'"),
    ("tenancy", "tenancy where a.b is not x", "tenancy where a.b != 'x'"),
    (
        "group A to read vcns in tenancy",
        "any-user to raead vcns in tenancy where all {request.principal.type = 'fnfunc', request.principal.id = 'x'}",
        "any-user to read vcns in tenancy where all {request.principal.type = 'fnfunc', request.principal.id = 'x'}",
    ),
]


@pytest.mark.parametrize(("part", "written", "meant"), WRITTEN, ids=[written for _, written, _ in WRITTEN])
def test_what_can_mean_one_thing_only_is_written(part, written, meant):
    assert told(HERE.replace(part, written))[1] == f"Write: {HERE.replace(part, meant)}"


def test_of_what_no_word_says_the_advice_says_why():
    assert told("Unallow group A to read vcns in tenancy")[1] == "A denial starts with `deny`."
    assert told("Allow group A but B to read vcns in tenancy")[1].endswith("no word leaves a part out again.")
    assert told(f"{WHERE} a.b =~ 'x'")[1] == "A pattern is compared as `= /x*/`."
    assert told("Allow group A to {VCN_READ FIRE_LIGHT} in tenancy")[1] == "A comma is missing between two permissions."
    assert (
        told("Allow any-uesr to read vcns in tenancy")[1] == "Write `any-user` at column 7, if that is what is meant."
    )


# matching rule, column, a word of the hint, the corrected rule
RULES = [
    ('resource.type = "fnfunc"', 17, "plain single quotes", "resource.type = 'fnfunc'"),
    ("resource.type = fnfunc", 17, "single quotes", "resource.type = 'fnfunc'"),
    ("resource.type == 'fnfunc'", 16, "one `=`", "resource.type = 'fnfunc'"),
    ("resource.type = /fn*/", 17, "no patterns", None),
    ("resource.type in ('fnfunc')", 15, "`!=` only", None),
    ("instance.id", 12, "`tag.NAMESPACE.KEY.value`", None),
    ("where instance.id = 'x'", 1, "`where`", "instance.id = 'x'"),
    ("instance.id = 'x' or instance.id = 'y'", 19, "any {…}", "any {instance.id = 'x', instance.id = 'y'}"),
    ("instance.id = 'x', instance.id = 'y'", 18, "`any {…}` where one is enough", None),
    ("instance.id = ('x', 'y')", 15, "one value", None),
    ("all {instance.id = 'x' tag.a.b.value = 'y'}", 24, "comma", "all {instance.id = 'x', tag.a.b.value = 'y'}"),
    ("all {instance.id = 'x'", 23, "column 5", "all {instance.id = 'x'}"),
]


@pytest.mark.parametrize(("text", "column", "hint", "corrected"), RULES, ids=[rule[0] for rule in RULES])
def test_a_rejected_matching_rule_is_explained_too(text, column, hint, corrected):
    rejected = matching.parse(text)
    assert isinstance(rejected, Rejected)
    assert (rejected.column, rejected.corrected) == (column, corrected)
    assert hint in rejected.hint


def told(text):
    return statement.parse(text).told()


def test_what_is_wrong_is_said_apart_from_what_to_write():
    assert str(statement.parse("define tenancy A as")) == (
        "column 20: expected an OCID (`ocid1.…`), but the text ends; near: define tenancy A as"
    )
    assert told("define tenancy A as")[1] == "What fits at column 20 is an OCID (`ocid1.…`)."
    assert told("Allow group Ops to mange vcns in tenancy") == (
        (
            "column 20: expected `inspect`, `read`, `use`, `manage` or `{`, but found `mange`; did you mean `manage`?; "
            "near: Allow group Ops to mange vcns in tenancy"
        ),
        "Write: Allow group Ops to manage vcns in tenancy",
    )
    said, fix = told("Allow group A to read vcns")
    assert (fix, fix[1:-1] in said) == ("The location is missing: `in tenancy` or `in compartment NAME`.", False)
    assert told("Alow group A to read x, y in tenancy")[1] == "Write `allow` at column 1, if that is what is meant."
    assert told(5)[1] == "Write the statement or matching rule as text."
    assert told("{" * (MAX_DEPTH + 1))[1].startswith("Split it")


def test_of_a_long_correction_the_part_that_changes_is_shown():
    members = ", ".join(f"target.bucket.name != 'bucket-{number}'" for number in range(20))
    fix = told(f"{WHERE} all {{{members}, request.region == 'iad', {members}}}")[1]
    assert fix.startswith("Write at column 756: …")
    assert "request.region = 'iad'" in fix
    assert len(fix) <= 640


def test_what_is_pasted_keeps_the_blanks_of_a_name_and_no_line_breaks():
    assert (
        told("Allow group 'A  B' to mange vcns\n in  tenancy")[1]
        == "Write: Allow group 'A  B' to manage vcns in tenancy"
    )


def test_a_name_that_cannot_be_shown_is_not_pasted():
    assert told("Allow group 'A\u00a0B' to read\u00a0vcns in tenancy")[1] == "U+00A0 at column 26 is no plain blank."


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
    "20,000 blanks before a word": f"allow group A{' ' * 20_000}B to read buckets in tenancy",
    "20,000 blanks before a bracket": f"{HEAD}a.b ={' ' * 20_000}(",
    "2,000 tests joined by and": f"{HEAD}a.b = 'x'{' and a.b' * 2_000}",
}


@pytest.mark.parametrize("text", FLOODS.values(), ids=FLOODS)
@pytest.mark.parametrize("parse", [statement.parse, matching.parse], ids=["statement", "matching rule"])
def test_floods_end_in_one_short_rejection(parse, text):
    rejected = parse(text)
    assert isinstance(rejected, Rejected)
    assert len(str(rejected)) <= 300
    assert str(rejected).isprintable()


@pytest.mark.parametrize(("depth", "accepted"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_the_depth_that_is_read(depth, accepted):
    text = HEAD + "any {" * depth + "a.b = '{'" + "}" * depth
    read = statement.parse(text)
    assert isinstance(read, Grant) is accepted
    assert accepted or "within each other" in str(read)


def test_many_conditions_beside_each_other_are_no_depth():
    members = ", ".join("any {a.b = 'x'}" for _ in range(200))
    assert isinstance(statement.parse(f"{HEAD} all {{{members}}}"), Grant)
