"""Statements and matching rules in words: who, what, where, under which condition, and what a condition leaves open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policypack.guardrails.oci import matching
from policypack.guardrails.oci.explanation.conditions import Clause, clause
from policypack.guardrails.oci.explanation.places import aliases
from policypack.guardrails.oci.explanation.statements import Explanation, Form, explain, explain_rule
from policypack.guardrails.oci.explanation.words import words
from policypack.guardrails.oci.rejections.rejection import Rejected, Unreadable
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Definition, Grant, OpaqueTail, Operator, Test
from policypack.guardrails.oci.variables import VARIABLES

SAMPLE = [
    case["statement"]
    for case in json.loads((Path(__file__).parents[2] / "data" / "oci-statements.json").read_text(encoding="utf-8"))
    if case["valid"]
]
PARTNER = "define tenancy Partner as ocid1.tenancy.oc1..p"
ANYTHING = "standin0x0123456789abcdef"


def explained(text: str, *others: str) -> Explanation:
    statement = parse(text)
    assert isinstance(statement, Grant | Definition), statement
    return explain(statement, aliases(map(parse, others)))


def condition(text: str, *, denies: bool = False) -> Clause:
    effect = "deny" if denies else "allow"
    found = parse(f"{effect} any-user to read buckets in tenancy where {text}")
    assert isinstance(found, Grant), found
    assert found.condition is not None
    assert not isinstance(found.condition, OpaqueTail)
    return clause(found.condition, denies=denies)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("allow any-user to", "anyone of this tenancy: every user, instance, function and other resource"),
        ("allow any-group to", "every member of any group or dynamic group of this tenancy"),
        ("allow group A to", "the members of the group A"),
        ("allow group A, 'Dom'/'B c' to", "the members of the groups A and B c of the identity domain Dom"),
        ("allow group id ocid1.group.oc1..a to", "the members of the group ocid1.group.oc1..a"),
        ("allow dynamic-group f to", "the resources that the dynamic group f takes in"),
        ("allow dynamic-group f, g to", "the resources that the dynamic groups f and g take in"),
        ("allow service FaaS to", "the Oracle service FaaS"),
        ("admit group A of tenancy Partner to", "the members of the group A, of the tenancy Partner (ocid1.tenancy"),
        ("admit any-user of tenancy Partner to", "anyone of the tenancy Partner (ocid1.tenancy.oc1..p): every user"),
        ("admit any-group of any-tenancy to", "dynamic group of every tenancy there is"),
        ("admit any-user of any-tenancy to", "of every tenancy there is, those of strangers too"),
        (f"allow {ANYTHING} to", "somebody who is not known"),
    ],
)
def test_who_it_is(subject: str, words: str) -> None:
    who = explained(f"{subject} read buckets in tenancy", PARTNER).who
    assert who is not None
    assert words in who.words


def test_a_defined_group_is_shown_with_what_it_stands_for() -> None:
    group = "define group Admins as ocid1.group.oc1..g"
    who = explained("admit group Admins of tenancy Partner to read buckets in tenancy", PARTNER, group).who
    assert who is not None
    assert "the group Admins (ocid1.group.oc1..g), of" in who.words


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("allow group A to read buckets in tenancy", "the whole tenancy"),
        ("allow group A to read buckets in compartment C", "the compartment C and everything below it"),
        (
            "allow group A to read buckets in compartment R:M:C",
            "the compartment C, which lies in R : M, and everything",
        ),
        ("allow group A to read buckets in compartment id ocid1.tenancy.oc1..t", "which is the whole tenancy"),
        ("allow group A to read buckets in compartment id ocid1.compartment.oc1..c", "everything below it"),
        ("endorse group A to read buckets in any-tenancy", "every tenancy there is, those of strangers too"),
        ("endorse group A to read buckets in tenancy Partner", "all of the tenancy Partner (ocid1.tenancy.oc1..p)"),
        (
            "endorse group A to read buckets in compartment C of tenancy Partner",
            "the compartment C and everything below it, in the tenancy Partner (ocid1.tenancy.oc1..p)",
        ),
        (
            "endorse group A to associate drg-object in tenancy Partner with drg-attachment in tenancy",
            "with drg-attachment in the whole tenancy",
        ),
        (f"allow group A to read buckets in {ANYTHING}", "a place that is not known"),
    ],
)
def test_where_it_holds(place: str, words: str) -> None:
    where = explained(place, PARTNER).where
    assert where is not None
    assert words in where.words


def test_a_verb_is_said_with_what_it_adds_the_weightiest_first() -> None:
    what = explained("allow group A to manage buckets in tenancy").what
    assert what is not None
    assert [step.verb for step in what.steps] == ["manage", "use", "read", "inspect"]
    assert what.steps[0].permissions[0] == "PAR_MANAGE"
    assert what.steps[1].permissions == ("BUCKET_UPDATE",)
    assert what.total == sum(len(step.permissions) for step in what.steps)
    assert (what.everything, what.unlisted, what.left) == (False, (), None)


def test_a_denied_verb_takes_those_above_it_along() -> None:
    denied = {
        verb: explained(f"deny group A to {verb} buckets in tenancy").what
        for verb in ("inspect", "read", "use", "manage")
    }
    steps = {verb: [step.verb for step in what.steps] for verb, what in denied.items() if what is not None}
    assert steps == {
        "inspect": ["manage", "use", "read", "inspect"],
        "read": ["manage", "use", "read"],
        "use": ["manage", "use"],
        "manage": ["manage"],
    }


def test_what_is_named_or_not_listed_or_everything() -> None:
    named = explained("allow group A to {par_manage, NO_SUCH} in tenancy")
    assert named.what is not None
    assert [step.permissions for step in named.what.steps] == [("PAR_MANAGE", "NO_SUCH")]
    assert named.notes == ("Not listed here: `NO_SUCH`.",)
    unlisted = explained("allow group A to use bucketz in tenancy")
    assert unlisted.what is not None
    assert (unlisted.what.steps, unlisted.what.unlisted) == ((), ("bucketz",))
    assert unlisted.notes == ()
    family = explained("allow group A to use object-family in tenancy").what
    assert family is not None
    assert family.unlisted == ("object-family",)
    everything = explained("allow group A to use all-resources in tenancy").what
    assert everything is not None
    assert everything.everything
    assert everything.unlisted == ()


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("request.permission = 'BUCKET_READ'", {"BUCKET_READ"}),
        ("request.permission != 'BUCKET_READ'", {"BUCKET_INSPECT", "BUCKET_UPDATE"}),
        ("all {target.bucket.name = 'x', request.permission = /*READ/}", {"BUCKET_READ"}),
        ("any {target.bucket.name = 'x', request.permission = 'BUCKET_READ'}", None),
        ("request.permission = 'OBJECT_READ'", set()),
        ("target.bucket.name = 'x'", None),
    ],
)
def test_what_a_condition_leaves(where: str, left: set[str] | None) -> None:
    what = explained(f"allow group A to use buckets in tenancy where {where}").what
    assert what is not None
    every = {name for step in what.steps for name in step.permissions}
    assert set(every if what.left is None else what.left) == (every if left is None else left)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("target.bucket.name = 'logs'", "the name of the bucket acted on is logs"),
        ("target.bucket.name = 'my logs'", "the name of the bucket acted on is 'my logs'"),
        ("target.key.id != 'ocid1.key.oc1..k'", "the OCID of the key acted on is not ocid1.key.oc1..k"),
        ("target.bucket.name = /x*/", "the name of the bucket acted on starts with x"),
        ("target.bucket.name = /*x/", "the name of the bucket acted on ends with x"),
        ("target.bucket.name != /*x*/", "the name of the bucket acted on does not contain x"),
        ("target.bucket.name = /a*b/", "the name of the bucket acted on matches /a*b/"),
        ("target.bucket.name = /*/", "the name of the bucket acted on is anything"),
        ("target.bucket.name in ('a', 'b', /c*/)", "the name of the bucket acted on is a or b or starts with c"),
        ("target.bucket.name not in ('a', 'b')", "the name of the bucket acted on is not a or b"),
        ("request.utc-timestamp before '2026-01-01T00:00Z'", "the time is before 2026-01-01T00:00Z"),
        ("request.utc-timestamp between 'a' and 'b'", "the time is between a and b"),
        ("target.resource.tag.Ops.Team = 'x'", "the tag Ops.Team of the resource acted on is x"),
        ("request.principal.group.tag.Ops.Team = 'x'", "the tag Ops.Team of a group of the caller is x"),
        ("not target.bucket.name", "the name of the bucket acted on has no value"),
        ("target.some.thing = 'x'", "target.some.thing is x"),
        (
            "target.user.id = request.user.id",
            "the OCID of the user acted on is the same as the OCID of the user who calls",
        ),
    ],
)
def test_a_test_in_words(text: str, words: str) -> None:
    assert condition(text).words == words


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("target.bucket.name = 'x'", ""),
        ("request.principal.id = 'x'", ""),
        ("target.bucket.name != 'x'", "spares what it names and nothing else"),
        ("request.permission != 'BUCKET_READ'", "takes away what it names and leaves the rest"),
        ("target.bucket.name = /*/", "every value matches"),
        ("target.bucket.name = '*'", "lone asterisk"),
        ("request.region = 'iad'", "about from where, when or how"),
        ("request.principal.type = 'ApiGateway'", "a kind of caller"),
        ("request.user.name = /svc*/", "names that are given later"),
        ("not request.user.id", "asks only whether there is a value"),
        ("request.frobnicate = 'x'", "a variable that is not known here"),
        (f"target.bucket.name = {ANYTHING}", "a part of it is not known"),
        ("target.user.id = request.user.id", ""),
        ("target.user.id = target.user.id", "every value matches"),
        ("target.bucket.name between 'a' and 'b'", "such values are not compared here"),
        ("target.bucket.name before 'a'", "such values are not compared here"),
        ("request.utc-timestamp after '2026-01-01T00:00Z'", "about from where, when or how"),
    ],
)
def test_what_does_not_narrow_is_noted(text: str, note: str) -> None:
    found = condition(text)
    assert note in found.note
    assert bool(found.note) == bool(note)
    assert found.narrows == (note in {"", "an asterisk is only an asterisk"})
    assert condition(text, denies=True).note == ""


def test_all_narrows_with_one_member_and_any_with_each() -> None:
    tight, loose = "target.bucket.name = 'x'", "request.principal.type = 'ApiGateway'"
    every = condition(f"all {{{tight}, {loose}}}")
    assert (every.narrows, every.holds, [member.note for member in every.members]) == (True, "all", ["", ""])
    some = condition(f"any {{{tight}, {loose}}}")
    assert (some.narrows, some.holds) == (False, "any")
    assert some.note == "any one of them is enough, and not each of them narrows"
    assert some.members[1].note
    assert condition(f"any {{{tight}, {tight}}}").narrows
    assert condition("any {target.bucket.name != 'a', target.bucket.name != 'b'}").note == "it holds for every request"


def test_what_is_too_much_to_look_through_is_said_and_narrows_nothing() -> None:
    pairs = (f"any {{target.bucket.name = 'a{number}', request.region = 'b'}}" for number in range(12))
    found = condition(f"all {{{', '.join(pairs)}}}")
    assert (found.narrows, found.note) == (False, "it has too many branches to be looked through")
    patterns = ", ".join(f"request.permission = /A{number}*/" for number in range(50))
    what = explained(f"allow group A to use buckets in tenancy where any {{{patterns}}}").what
    assert what is not None
    assert what.left is None


def test_each_variable_that_is_known_has_words() -> None:
    said = {variable: words(Test(variable, Operator.PRESENT, ())) for variable in VARIABLES}
    assert not [variable for variable, text in said.items() if variable in text]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("allow any-user to read buckets in tenancy where target.bucket.name = 'x'", "leaves open who it is"),
        ("allow any-user to read buckets in tenancy where request.user.id = 'x'", ""),
        (
            "allow group A to use groups in tenancy where target.group.name != 'Administrators'",
            "limits neither who nor what",
        ),
        ("allow group A to use groups in tenancy where target.group.name = 'x'", ""),
        ("allow group A to manage objects in tenancy where request.permission != 'OBJECT_DELETE'", ""),
        ("deny group A to use groups in tenancy where target.group.name != 'Administrators'", ""),
        ("admit group A of tenancy T to read buckets in tenancy", "lacks `define tenancy T as OCID`"),
        (
            "allow group A to use groups in tenancy where all {target.group.name = 'a', target.group.name = 'b'}",
            "grants nothing: the tests of its condition",
        ),
        (
            "deny group A to use groups in tenancy where request.permission = 'BUCKET_READ'",
            "denies nothing: `use groups`",
        ),
        (
            (
                "allow group A to manage secret-family in tenancy where all {request.permission != 'SECRET_BUNDLE_READ', "
                "request.operation = 'GetSecretBundle', request.permission = /*_READ/}"
            ),
            "listed here the statement grants none; one that is not listed may be left",
        ),
        ("allow group A to use groups in tenancy where request.operatoin = 'x'", "did you mean `request.operation`?"),
        ("allow group A to use groups in tenancy where any {request.user.id = 'x', target.group.name = 'y'}", ""),
    ],
)
def test_what_is_open_in_a_statement_is_noted(text: str, note: str) -> None:
    notes = explained(text).notes
    assert any(note in each for each in notes) if note else not notes


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("allow group A to read buckets in tenancy", "allow", ""),
        ("deny group A to read buckets in tenancy", "deny", "whatever is allowed elsewhere"),
        ("endorse group A to read buckets in any-tenancy", "endorse", "as far as that one admits them"),
        ("deny endorse group A to read buckets in any-tenancy", "deny endorse", "Keeps those of this tenancy"),
        ("admit group A of tenancy T to read buckets in tenancy", "admit", "as far as their own endorses them"),
        ("deny admit group A of tenancy T to read buckets in tenancy", "deny admit", "Keeps those of another tenancy"),
        (PARTNER, "define", "`Partner` stands for the tenancy ocid1.tenancy.oc1..p. It grants nothing"),
    ],
)
def test_each_kind_of_statement(text: str, kind: str, says: str) -> None:
    found = explained(text)
    assert f"{'deny ' * found.denies}{found.form.value}".removesuffix(" allow") == kind
    assert says in found.says
    assert found.text == str(parse(text))


@pytest.mark.parametrize(
    ("rule", "note"),
    [
        ("ALL {resource.type = 'fnfunc', resource.compartment.id = 'ocid1.compartment.oc1..c'}", ""),
        ("resource.type = 'fnfunc'", "every resource of type fnfunc in the whole tenancy"),
        (
            "resource.compartment.id = 'ocid1.compartment.oc1..c'",
            "any type in the compartment ocid1.compartment.oc1..c",
        ),
        ("instance.compartment.id = 'ocid1.compartment.oc1..c'", "every instance in the compartment"),
        ("instance.id != 'ocid1.instance.oc1..i'", "every resource of the tenancy"),
        ("tag.Ops.Team.value = 'x'", "whatever bears the tag"),
    ],
)
def test_whom_a_matching_rule_takes_in(rule: str, note: str) -> None:
    read = matching.parse(rule)
    assert not isinstance(read, Rejected | Unreadable)
    found = explain_rule(read)
    assert (found.form, found.who, found.what, found.where) == (Form.MATCHING_RULE, None, None, None)
    assert any(note in each for each in found.notes) if note else not found.notes


@pytest.mark.parametrize("text", SAMPLE, ids=lambda text: text[:60])
def test_each_statement_of_the_sample_is_explained(text: str) -> None:
    found = explained(text)
    for said in (found.says, *found.notes, found.who and found.who.words, found.what and found.what.words):
        assert "standin" not in (said or "")
    assert found.form is Form.DEFINE or (found.who is not None and found.what is not None and found.where is not None)
