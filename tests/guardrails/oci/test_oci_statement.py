"""Reading policy statements: each form of the language, the labelled sample, and texts that are partly known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policypack.guardrails.oci.rejections.rejection import Rejected, Unreadable
from policypack.guardrails.oci.rejections.unknown_words import unknown_words
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import (
    Combination,
    DefinedKind,
    Definition,
    Grant,
    Kind,
    Name,
    Ocid,
    Opaque,
    OpaqueTail,
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
from policypack.guardrails.values import UNKNOWN

SAMPLE = json.loads((Path(__file__).parents[2] / "data" / "oci-statements.json").read_text(encoding="utf-8"))
COMPUTED = "standin0c0123456789abcdef"
ANYTHING = "standin0x0123456789abcdef"


def literal(text: str) -> Value:
    return Value(ValueKind.LITERAL, text)


def condition_of(text: str) -> object:
    statement = parse(f"allow any-user to read buckets in tenancy where {text}")
    assert isinstance(statement, Grant), statement
    return statement.condition


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case["statement"][:60])
def test_the_labelled_sample_is_accepted_and_rejected_as_labelled(case):
    text = case["statement"]
    read = parse(text)
    assert (isinstance(read, (Grant, Definition)) and not list(unknown_words(read, text))) is case["valid"]


def test_a_whole_statement_becomes_one_node():
    statement = parse(
        "Allow group 'Net Admins', Ops to use vcns in compartment Shared:Network where request.region = 'iad'"
    )
    assert statement == Grant(
        kind=Kind.ALLOW,
        denies=False,
        subject=Subject(SubjectKind.GROUP, names=(Name("Net Admins"), Name("Ops"))),
        action=VerbAction(Verb.USE, "vcns"),
        place=Place(PlaceKind.COMPARTMENT, path=(Name("Shared"), Name("Network"))),
        condition=Test("request.region", Operator.EQUAL, (literal("iad"),)),
    )


SUBJECTS = {
    "any-user": Subject(SubjectKind.ANY_USER),
    "ANY-GROUP": Subject(SubjectKind.ANY_GROUP),
    "group Read": Subject(SubjectKind.GROUP, names=(Name("Read"),)),
    "group to": Subject(SubjectKind.GROUP, names=(Name("to"),)),
    "group id": None,
    "group 'id'": Subject(SubjectKind.GROUP, names=(Name("id"),)),
    "group a.b@c+d": Subject(SubjectKind.GROUP, names=(Name("a.b@c+d"),)),
    "group Dom/A": Subject(SubjectKind.GROUP, names=(Name("A", "Dom"),)),
    "group 'My Dom' / 'Net Admins' , B": Subject(SubjectKind.GROUP, names=(Name("Net Admins", "My Dom"), Name("B"))),
    "group id ocid1.group.oc1..a, id ocid1.group.oc1..b": Subject(
        SubjectKind.GROUP, ids=(Ocid("ocid1.group.oc1..a"), Ocid("ocid1.group.oc1..b"))
    ),
    "group id 'ocid1.group.oc1..a'": Subject(SubjectKind.GROUP, ids=(Ocid("ocid1.group.oc1..a"),)),
    "group id 'Admins'": None,
    "group A, id ocid1.group.oc1..b": None,
    "group A B": None,
    "group": None,
    "dynamic-group id ocid1.dynamicgroup.oc1..a": Subject(
        SubjectKind.DYNAMIC_GROUP, ids=(Ocid("ocid1.dynamicgroup.oc1..a"),)
    ),
    "Dynamic-Group Dom/fns": Subject(SubjectKind.DYNAMIC_GROUP, names=(Name("fns", "Dom"),)),
    "service FaaS, objectstorage-us-ashburn-1": Subject(
        SubjectKind.SERVICE, names=(Name("FaaS"), Name("objectstorage-us-ashburn-1"))
    ),
    "resource psmrp 'p s m'": Subject(SubjectKind.RESOURCE, names=(Name("psmrp"), Name("p s m"))),
    "resource psmrp": None,
    "group ocid1.group.oc1..a": None,
    "group 'ocid1.group.oc1..a'": None,
    "group Dom.Ä/'Größe 1'": Subject(SubjectKind.GROUP, names=(Name("Größe 1", "Dom.Ä"),)),
    "group 'Dom/A'": Subject(SubjectKind.GROUP, names=(Name("Dom/A"),)),
    "any\u2011user": None,
    "user alice": None,
    "any-users": None,
}


@pytest.mark.parametrize(("text", "subject"), SUBJECTS.items(), ids=SUBJECTS)
def test_subjects(text, subject):
    statement = parse(f"allow {text} to read buckets in tenancy")
    assert (statement.subject if isinstance(statement, Grant) else None) == subject


ACTIONS = {
    "to INSPECT all-resources": VerbAction(Verb.INSPECT, "all-resources"),
    "to read in": VerbAction(Verb.READ, "in"),
    "to use a-type-of-tomorrow": VerbAction(Verb.USE, "a-type-of-tomorrow"),
    "to {PAR_MANAGE}": Permissions(("PAR_MANAGE",)),
    "to {A_READ , B_READ}": Permissions(("A_READ", "B_READ")),
    "{A_READ}": Permissions(("A_READ",)),
    "read vcns": None,
    "to {}": None,
    "to {A_READ,}": None,
    "to {A_READ} buckets": None,
    "to manage": None,
    "to associate volumes": None,
    "to read 'buckets'": None,
}


@pytest.mark.parametrize(("text", "action"), ACTIONS.items(), ids=ACTIONS)
def test_actions(text, action):
    statement = parse(f"allow group A {text} in tenancy")
    assert (statement.action if isinstance(statement, Grant) else None) == action


PLACES = {
    "tenancy": Place(PlaceKind.TENANCY),
    "compartment Data": Place(PlaceKind.COMPARTMENT, path=(Name("Data"),)),
    "compartment A : 'B C':D": Place(PlaceKind.COMPARTMENT, path=(Name("A"), Name("B C"), Name("D"))),
    "compartment id ocid1.compartment.oc1..a": Place(PlaceKind.COMPARTMENT, ocid=Ocid("ocid1.compartment.oc1..a")),
    "compartment id 'ocid1.compartment.oc1..a'": Place(PlaceKind.COMPARTMENT, ocid=Ocid("ocid1.compartment.oc1..a")),
    "COMPARTMENT 'A B':C.d": Place(PlaceKind.COMPARTMENT, path=(Name("A B"), Name("C.d"))),
    "compartment A:": None,
    "compartment ocid1.compartment.oc1..a": None,
    "tenancy Other": None,
    "any-tenancy": None,
    "compartment A of tenancy B": None,
    "tenancy, compartment A": None,
    "Data": None,
}


@pytest.mark.parametrize(("text", "place"), PLACES.items(), ids=PLACES)
def test_locations_of_allow(text, place):
    statement = parse(f"allow group A to read buckets in {text}")
    assert (statement.place if isinstance(statement, Grant) else None) == place


CONDITIONS = {
    "request.region = 'iad'": Test("request.region", Operator.EQUAL, (literal("iad"),)),
    "request.region!='iad'": Test("request.region", Operator.UNEQUAL, (literal("iad"),)),
    "target.bucket.name = /x*/": Test("target.bucket.name", Operator.EQUAL, (Value(ValueKind.PATTERN, "x*"),)),
    "target.object.name = /a/b*/": Test("target.object.name", Operator.EQUAL, (Value(ValueKind.PATTERN, "a/b*"),)),
    "target.bucket.name = 'x*'": Test("target.bucket.name", Operator.EQUAL, (literal("x*"),)),
    "target.bucket.name = 'it\\'s'": Test("target.bucket.name", Operator.EQUAL, (literal("it\\'s"),)),
    "target.key.id = ocid1.key.oc1.iad.a": Test("target.key.id", Operator.EQUAL, (literal("ocid1.key.oc1.iad.a"),)),
    "request.user.id = target.user.id": Test(
        "request.user.id", Operator.EQUAL, (Value(ValueKind.VARIABLE, "target.user.id"),)
    ),
    "request.vcn.id!=target.vcn.id": Test(
        "request.vcn.id", Operator.UNEQUAL, (Value(ValueKind.VARIABLE, "target.vcn.id"),)
    ),
    "target.bastion-session.ip in ['fd00::1/64']": Test(
        "target.bastion-session.ip", Operator.IN, (literal("fd00::1/64"),)
    ),
    "target.resource.tag.Ops.cost-center/42#a = 'x'": Test(
        "target.resource.tag.Ops.cost-center/42#a", Operator.EQUAL, (literal("x"),)
    ),
    "request.region in ('a', /b*/)": Test(
        "request.region", Operator.IN, (literal("a"), Value(ValueKind.PATTERN, "b*"))
    ),
    "request.region NOT IN ('a')": Test("request.region", Operator.NOT_IN, (literal("a"),)),
    "request.utc-timestamp before '2027'": Test("request.utc-timestamp", Operator.BEFORE, (literal("2027"),)),
    "request.utc-timestamp after '2027'": Test("request.utc-timestamp", Operator.AFTER, (literal("2027"),)),
    "request.utc-timestamp between '1' and '2'": Test(
        "request.utc-timestamp", Operator.BETWEEN, (literal("1"), literal("2"))
    ),
    "request.principal.id": Test("request.principal.id", Operator.PRESENT),
    "!request.principal.id": Test("request.principal.id", Operator.ABSENT),
    "not request.principal.id": Test("request.principal.id", Operator.ABSENT),
    "target.resource.tag.Ops.Project = 'A'": Test("target.resource.tag.Ops.Project", Operator.EQUAL, (literal("A"),)),
    "ALL{a.b='1'}": Combination(Quantifier.ALL, (Test("a.b", Operator.EQUAL, (literal("1"),)),)),
    "any {a.b = '1', all {c.d, !e.f}}": Combination(
        Quantifier.ANY,
        (
            Test("a.b", Operator.EQUAL, (literal("1"),)),
            Combination(Quantifier.ALL, (Test("c.d", Operator.PRESENT), Test("e.f", Operator.ABSENT))),
        ),
    ),
}


@pytest.mark.parametrize(("text", "condition"), CONDITIONS.items(), ids=CONDITIONS)
def test_conditions(text, condition):
    assert condition_of(text) == condition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{a.b = 'x'}",
        "all {}",
        "all {a.b = 'x',}",
        "all {a.b = 'x'",
        "a.b = 'x'}",
        "a.b = 'x', c.d = 'y'",
        "a.b = 'x' or c.d = 'y'",
        "a.b = /x*/ and c.d = /y*/",
        "a.b = bare",
        "a.b = 5",
        "a.b = true",
        "a.b in ['x')",
        "a.b between c.d and e.f",
        'a.b = "x"',
        "a.b = \u2018x\u2019",
        "a.b = 'x",
        "a.b in ()",
        "a.b in 'x'",
        "a.b between '1'",
        "a.b before /x*/",
        "a.b < '1'",
        "plain = 'x'",
    ],
)
def test_conditions_that_the_language_rejects(text):
    assert isinstance(parse(f"allow any-user to read buckets in tenancy where {text}"), Rejected)


CROSSING = {
    "endorse group A to use buckets in any-tenancy": Grant(
        Kind.ENDORSE,
        False,
        Subject(SubjectKind.GROUP, (Name("A"),)),
        VerbAction(Verb.USE, "buckets"),
        Place(PlaceKind.ANY_TENANCY),
    ),
    "deny endorse any-user to use buckets in compartment X:Y of tenancy Partner": Grant(
        Kind.ENDORSE,
        True,
        Subject(SubjectKind.ANY_USER),
        VerbAction(Verb.USE, "buckets"),
        Place(PlaceKind.COMPARTMENT, path=(Name("X"), Name("Y")), tenancy=Name("Partner")),
    ),
    "endorse group A {VOLUME_READ} in tenancy Partner": Grant(
        Kind.ENDORSE,
        False,
        Subject(SubjectKind.GROUP, (Name("A"),)),
        Permissions(("VOLUME_READ",)),
        Place(PlaceKind.TENANCY, tenancy=Name("Partner")),
    ),
    "endorse group A to associate local-peering-gateways in compartment C with local-peering-gateways in tenancy B": Grant(
        Kind.ENDORSE,
        False,
        Subject(SubjectKind.GROUP, (Name("A"),)),
        VerbAction(Verb.ASSOCIATE, "local-peering-gateways"),
        Place(PlaceKind.COMPARTMENT, path=(Name("C"),)),
        pairing=Pairing("local-peering-gateways", Place(PlaceKind.TENANCY, tenancy=Name("B"))),
    ),
    "admit any-user of any-tenancy to read buckets in compartment id ocid1.compartment.oc1..a": Grant(
        Kind.ADMIT,
        False,
        Subject(SubjectKind.ANY_USER),
        VerbAction(Verb.READ, "buckets"),
        Place(PlaceKind.COMPARTMENT, ocid=Ocid("ocid1.compartment.oc1..a")),
        origin=PlaceKind.ANY_TENANCY,
    ),
    "Deny Admit group A of tenancy B to {X_READ} in tenancy where request.region = 'iad'": Grant(
        Kind.ADMIT,
        True,
        Subject(SubjectKind.GROUP, (Name("A"),)),
        Permissions(("X_READ",)),
        Place(PlaceKind.TENANCY),
        origin=Name("B"),
        condition=Test("request.region", Operator.EQUAL, (literal("iad"),)),
    ),
    "admit group A of tenancy B to associate drgs in tenancy B with drg-attachments in tenancy": Grant(
        Kind.ADMIT,
        False,
        Subject(SubjectKind.GROUP, (Name("A"),)),
        VerbAction(Verb.ASSOCIATE, "drgs"),
        Place(PlaceKind.TENANCY, tenancy=Name("B")),
        origin=Name("B"),
        pairing=Pairing("drg-attachments", Place(PlaceKind.TENANCY)),
    ),
    "admit any-group to read buckets in tenancy": Grant(
        Kind.ADMIT,
        False,
        Subject(SubjectKind.ANY_GROUP),
        VerbAction(Verb.READ, "buckets"),
        Place(PlaceKind.TENANCY),
    ),
    "deny any-user to inspect buckets in tenancy": Grant(
        Kind.ALLOW,
        True,
        Subject(SubjectKind.ANY_USER),
        VerbAction(Verb.INSPECT, "buckets"),
        Place(PlaceKind.TENANCY),
    ),
}


@pytest.mark.parametrize(("text", "statement"), CROSSING.items(), ids=CROSSING)
def test_deny_endorse_and_admit(text, statement):
    assert parse(text) == statement


@pytest.mark.parametrize(
    "text",
    [
        "endorse group A to use buckets in compartment X",
        "endorse group A to use buckets in tenancy",
        "endorse group A to associate drgs in tenancy B",
        "admit group A of any-tenancy to read buckets in tenancy",
        "admit group A to read buckets in any-tenancy",
        "admit group A of tenancy to read buckets in tenancy",
        "deny define tenancy A as ocid1.tenancy.oc1..a",
        "define service A as ocid1.tenancy.oc1..a",
        "define tenancy A as B",
        "allow any-user to read buckets in tenancy; allow any-user to read buckets in tenancy",
    ],
)
def test_statements_that_the_language_rejects(text):
    assert isinstance(parse(text), Rejected)


@pytest.mark.parametrize("kind", DefinedKind)
@pytest.mark.parametrize("identifier", ["ocid1.x.oc1..a", "ID 'ocid1.x.oc1..a'"])
def test_definitions(kind, identifier):
    assert parse(f"DEFINE {kind.value.upper()} 'My Alias' AS {identifier}") == Definition(
        kind, Name("My Alias"), Ocid("ocid1.x.oc1..a")
    )


def test_columns_count_characters_from_one_over_line_breaks():
    statement = parse("allow group A\n to use vcns\n in tenancy where\n a.b = 'x'")
    columns = (
        statement.subject.column,
        statement.subject.names[0].column,
        statement.action.column,
        statement.action.type_column,
        statement.place.column,
        statement.condition.column,
        statement.condition.values[0].column,
    )
    assert columns == (7, 13, 19, 23, 32, 47, 53)


@pytest.mark.parametrize(
    "text",
    [
        f"allow group {COMPUTED} to read buckets in compartment id {COMPUTED}",
        f"allow group id ocid1.group.oc1..{COMPUTED} to read buckets in compartment app-{COMPUTED}:x",
        f"allow dynamic-group d-{COMPUTED} to read buckets in tenancy where target.bucket.name = '{COMPUTED}'",
        f"define tenancy {COMPUTED} as {COMPUTED}",
    ],
)
def test_a_computed_stand_in_is_an_ordinary_word(text):
    statement = parse(text)
    assert isinstance(statement, (Grant, Definition))
    assert COMPUTED in str(statement)


def test_a_stand_in_for_any_text_leaves_the_rest_readable():
    statement = parse(f"allow {ANYTHING} to {ANYTHING} in {ANYTHING} where {ANYTHING}")
    assert [statement.subject, statement.action, statement.place, statement.condition] == [Opaque(ANYTHING)] * 4

    statement = parse(f"allow group {ANYTHING} to {ANYTHING} {ANYTHING} in compartment {ANYTHING} {ANYTHING}")
    assert statement.subject == Subject(SubjectKind.GROUP, (Name(ANYTHING),))
    assert statement.action == VerbAction(Opaque(ANYTHING), ANYTHING)
    assert statement.place == Place(PlaceKind.COMPARTMENT, path=(Name(ANYTHING),))
    assert statement.condition == OpaqueTail(ANYTHING)

    within = condition_of(f"all {{a.b = {ANYTHING}, {ANYTHING} = 'x', {ANYTHING}, a.b = '{ANYTHING}'}}")
    assert within.members == (
        Test("a.b", Operator.EQUAL, (Value(ValueKind.OPAQUE, ANYTHING),)),
        Test(ANYTHING, Operator.EQUAL, (literal("x"),)),
        Opaque(ANYTHING),
        Test("a.b", Operator.EQUAL, (literal(ANYTHING),)),
    )


@pytest.mark.parametrize(
    "text",
    [
        UNKNOWN,
        ANYTHING,
        f"allow group A {ANYTHING}",
        f"allow group A {ANYTHING} buckets in tenancy",
        f"allow group 'A {ANYTHING} to read buckets in tenancy",
        f"{ANYTHING} user alice to read buckets in tenancy",
    ],
)
def test_where_an_unknown_part_decides_how_a_text_reads_it_is_unreadable(text):
    assert isinstance(parse(text), Unreadable)


@pytest.mark.parametrize(
    "text",
    [f"allow user {ANYTHING} to read buckets in tenancy", f"allow group A to write {ANYTHING} in tenancy"],
)
def test_what_is_wrong_before_an_unknown_part_stays_wrong(text):
    assert isinstance(parse(text), Rejected)


@pytest.mark.parametrize("value", [None, 7, 1.5, True, [], {}, b"allow"], ids=repr)
def test_what_is_no_text_is_rejected(value):
    assert isinstance(parse(value), Rejected)
