"""Properties that hold for every statement: printing reads back, spelling does not matter, nothing raises."""

from __future__ import annotations

import json
import re
from pathlib import Path

from fuzzing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.oci import matching
from policypack.guardrails.oci.rejections.negation import NEGATING, negations
from policypack.guardrails.oci.rejections.rejection import Rejected, Unreadable
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import (
    Combination,
    DefinedKind,
    Definition,
    Grant,
    Kind,
    Name,
    Ocid,
    Operator,
    Pairing,
    Permissions,
    Place,
    PlaceKind,
    Quantifier,
    Subject,
    SubjectKind,
    Test,
    Value,
    ValueKind,
    Verb,
    VerbAction,
)

EXAMPLES = settings(max_examples=examples(80), deadline=None)
SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "oci-statements.json").read_text(encoding="utf-8"))

quotable = st.text(st.characters(exclude_characters="'\\\r\n", exclude_categories=["Cs"]), min_size=1, max_size=12)
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
keywords = st.sampled_from(
    ["group", "id", "to", "in", "of", "with", "where", "all", "not", "tenancy", "manage", "any-user"]
)
texts = quotable | words | keywords
names = st.builds(Name, texts)
qualified = st.builds(Name, texts, st.none() | texts)
ocids = st.builds(lambda kind, rest: Ocid(f"ocid1.{kind}.oc1..{rest}"), words, words)
some_names = st.lists(names, min_size=1, max_size=3).map(tuple)

everyone = st.builds(Subject, st.sampled_from([SubjectKind.ANY_USER, SubjectKind.ANY_GROUP]))
groups = st.sampled_from([SubjectKind.GROUP, SubjectKind.DYNAMIC_GROUP])
named = (
    st.builds(Subject, groups, st.lists(qualified, min_size=1, max_size=3).map(tuple))
    | st.builds(Subject, groups, st.just(()), st.lists(ocids, min_size=1, max_size=3).map(tuple))
    | st.builds(Subject, st.just(SubjectKind.SERVICE), some_names)
    | st.builds(Subject, st.just(SubjectKind.RESOURCE), st.tuples(names, names))
)
types = words.filter(lambda word: word.lower() not in {"in", "pre-authenticated-requests"})
verbs = st.sampled_from([Verb.INSPECT, Verb.READ, Verb.USE, Verb.MANAGE])
permission_sets = st.lists(st.from_regex(r"[A-Z][A-Z_]{0,9}", fullmatch=True), min_size=1, max_size=3).map(tuple)
actions = st.builds(VerbAction, verbs, types) | st.builds(Permissions, permission_sets)

near = st.one_of(
    st.just(Place(PlaceKind.TENANCY)),
    st.builds(Place, st.just(PlaceKind.COMPARTMENT), path=some_names),
    st.builds(Place, st.just(PlaceKind.COMPARTMENT), ocid=ocids),
)
far = st.one_of(
    st.just(Place(PlaceKind.ANY_TENANCY)),
    st.builds(Place, st.just(PlaceKind.TENANCY), tenancy=names),
    st.builds(Place, st.just(PlaceKind.COMPARTMENT), path=some_names, tenancy=names),
    st.builds(Place, st.just(PlaceKind.COMPARTMENT), ocid=ocids, tenancy=names),
)
pairings = st.builds(Pairing, types, near | far)

variables = st.from_regex(r"[a-z]{1,8}(\.[A-Za-z0-9_-]{1,8}){1,4}", fullmatch=True)
literals = st.builds(Value, st.just(ValueKind.LITERAL), quotable)
patterns = st.builds(Value, st.just(ValueKind.PATTERN), st.from_regex(r"[a-z *{},.]{0,8}", fullmatch=True))
held_elsewhere = st.builds(Value, st.just(ValueKind.VARIABLE), variables)
values = literals | patterns | held_elsewhere


def comparing(operators, count, of):
    return st.builds(Test, variables, st.sampled_from(operators), st.lists(of, **count).map(tuple))


ONE, TWO, MANY, NONE = ({"min_size": low, "max_size": high} for low, high in ((1, 1), (2, 2), (1, 4), (0, 0)))
tests = (
    comparing([Operator.EQUAL, Operator.UNEQUAL], ONE, values)
    | comparing([Operator.IN, Operator.NOT_IN], MANY, values)
    | comparing([Operator.BEFORE, Operator.AFTER], ONE, literals)
    | comparing([Operator.BETWEEN], TWO, literals)
    | comparing([Operator.PRESENT, Operator.ABSENT], NONE, values)
)


def combined(members):
    return st.builds(Combination, st.sampled_from(Quantifier), st.lists(members, min_size=1, max_size=3).map(tuple))


conditions = st.recursive(tests, combined, max_leaves=6)
maybe_condition = st.none() | conditions

statements = st.one_of(
    st.builds(Grant, st.just(Kind.ALLOW), st.booleans(), everyone | named, actions, near, condition=maybe_condition),
    st.builds(Grant, st.just(Kind.ENDORSE), st.booleans(), everyone | named, actions, far, condition=maybe_condition),
    st.builds(
        Grant,
        st.sampled_from([Kind.ENDORSE, Kind.ADMIT]),
        st.booleans(),
        everyone | named,
        actions | st.builds(VerbAction, st.just(Verb.ASSOCIATE), types),
        near | far,
        pairing=pairings,
        condition=maybe_condition,
    ),
    st.builds(
        Grant,
        st.just(Kind.ADMIT),
        st.booleans(),
        everyone,
        actions,
        near,
        origin=st.just(PlaceKind.ANY_TENANCY) | names,
        condition=maybe_condition,
    ),
    st.builds(
        Grant,
        st.just(Kind.ADMIT),
        st.booleans(),
        named,
        actions,
        near,
        origin=st.none() | names,
        condition=maybe_condition,
    ),
    st.builds(Definition, st.sampled_from([DefinedKind.GROUP, DefinedKind.DYNAMIC_GROUP]), qualified, ocids),
    st.builds(Definition, st.sampled_from([DefinedKind.TENANCY, DefinedKind.COMPARTMENT]), names, ocids),
)

matching_tests = comparing([Operator.EQUAL, Operator.UNEQUAL], ONE, literals) | st.builds(
    Test, words.map("tag.Ops.{}.value".format), st.just(Operator.PRESENT)
)


@EXAMPLES
@given(statements)
def test_printing_reads_back(statement):
    assert parse(str(statement)) == statement


@EXAMPLES
@given(st.recursive(matching_tests, combined, max_leaves=6))
def test_printing_a_matching_rule_reads_back(rule):
    assert matching.parse(str(rule)) == rule


blanks = st.text(" \t\r\n", min_size=1, max_size=3)


@st.composite
def respelled(draw, text):
    """The same words in another letter case, with other blanks between them; quoted text and patterns as they are."""
    parts = []
    for part in re.findall(r"'[^']*'|(?<=[ (])/[^/]*/|\s+|[\w.+@-]+|.", text):
        if part.isspace():
            parts.append(draw(blanks))
        elif part[0] in "'/" or part[0] == "!":
            parts.append(part)
        elif part in ",{}=:()":
            parts.append(draw(st.sampled_from([part, f" {part}\n", f"\t{part}"])) if "!" not in parts[-1:] else part)
        else:
            parts.append("".join(draw(st.sampled_from([c.upper(), c.lower()])) for c in part))
    return draw(st.sampled_from(["", "\n"])) + "".join(parts) + draw(st.sampled_from(["", " "]))


def said(text):
    """What a text says, letter case aside."""
    statement = parse(text)
    return type(statement) if isinstance(statement, (Rejected, Unreadable)) else str(statement).casefold()


@EXAMPLES
@given(st.data())
def test_letter_case_and_blanks_do_not_change_what_is_said(data):
    text = data.draw(st.sampled_from(SAMPLE))["statement"]
    assert said(data.draw(respelled(text))) == said(text)


@EXAMPLES
@given(statements, st.data())
def test_no_spelling_of_a_statement_says_something_else(statement, data):
    text = str(statement)
    if not re.search(r"[^ -~]", text):
        assert said(data.draw(respelled(text))) == text.casefold()


@EXAMPLES
@given(st.sampled_from(["group", "dynamic-group"]), words, st.none() | words)
def test_quotes_around_a_name_say_nothing(kind, name, domain):
    rest = "to manage all-resources in tenancy"
    quoted = f"'{domain}'/'{name}'" if domain else f"'{name}'"
    bare = f"{domain}/{name}" if domain else name
    if (domain or name).lower() != "id":
        assert parse(f"allow {kind} {quoted} {rest}") == parse(f"allow {kind} {bare} {rest}")


@EXAMPLES
@given(st.sampled_from(SAMPLE), st.sampled_from(["not", "but", "except", "no", "dis", "non-", "un"]), st.data())
def test_no_correction_loses_what_negates(case, negating, data):
    words = case["statement"].split(" ")
    place = data.draw(st.integers(0, len(words) - 1))
    apart = negating in NEGATING and data.draw(st.booleans())
    text = " ".join([*words[:place], negating + (" " if apart else "") + words[place], *words[place + 1 :]])
    read = parse(text)
    if isinstance(read, Rejected) and read.corrected is not None:
        assert negations(read.corrected) >= negations(text)
        assert not (text.lower().startswith(f"{negating}allow") and read.corrected.lower().startswith("allow"))


SOUP = """
allow deny define endorse admit group any-user any-group service dynamic-group id ocid1.a.b..c A 'A to read manage
buckets all-resources { } ( ) , : / = != ! in not tenancy any-tenancy compartment of where all any a.b 'x' /*/ /x*/
before between and or ; # ` " == buckets, vcns write user resource [ ] id 5 with as associate standin0x0123456789abcdef standin0c0123456789abcdef '
"""
soup = st.lists(st.sampled_from(SOUP.split()), max_size=25).map(" ".join)


@EXAMPLES
@given(st.text(max_size=200) | soup | st.builds("allow any-user to {}".format, soup))
def test_no_text_raises_and_each_answer_is_short(text):
    for read in (parse(text), matching.parse(text)):
        if isinstance(read, Rejected):
            assert 1 <= read.column <= len(text) + 1
            assert len(str(read)) <= 300
            assert str(read).isprintable()
            assert (
                read.corrected is None
                or not isinstance(parse(read.corrected), (Rejected, Unreadable))
                or (not isinstance(matching.parse(read.corrected), (Rejected, Unreadable)))
            )
        elif isinstance(read, (Grant, Definition)):
            assert parse(str(read)) == read
        elif not isinstance(read, Unreadable):
            assert matching.parse(str(read)) == read
