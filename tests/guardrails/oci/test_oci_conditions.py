"""Which requests meet a condition: single answers, and all answers held against requests that are tried one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

import oci_oracle as oracle
import pytest
from fuzzing import examples

from policypack.guardrails.oci.comparison import holds_always, is_plain, matches
from policypack.guardrails.oci.conditions import (
    Asked,
    Met,
    Part,
    Unclear,
    Unmet,
    find,
    ways,
)
from policypack.guardrails.oci.entailment import implies
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Condition, Grant, Test

COMPUTED = "standin0c0123456789abcdef"
ANYTHING = "standin0x0123456789abcdef"


def condition(text: object) -> Condition:
    read = parse(f"allow group G to read buckets in tenancy where {text}")
    assert isinstance(read, Grant), read
    assert isinstance(read.condition, Condition)
    return read.condition


UNNAMED: Final = Asked()
CHOSEN: Final = Asked(what=Part.CHOSEN)
STRANGER: Final = Asked(who=Part.UNNAMED, kind=Part.UNNAMED)
NEWCOMER: Final = Asked(who=Part.NEWCOMER)
READ: Final = Asked("OBJECT_READ")
LISTING: Final = Asked(held={"target.bucket.name": Part.ABSENT})
ADMINISTRATORS: Final = Asked(held={"target.group.name": "Administrators", "target.group.id": Part.UNTOLD})

FOUND = [
    (UNNAMED, "target.bucket.name = 'a'", Unmet),
    (UNNAMED, "target.bucket.name != 'a'", {}),
    (UNNAMED, "target.bucket.name = /*/", {}),
    (UNNAMED, "target.bucket.name = /a*/", Unmet),
    (UNNAMED, "target.bucket.name = /**/", {}),
    (UNNAMED, "target.bucket.name != /*/", Unmet),
    (UNNAMED, "target.bucket.name = /*name*/", Unmet),
    (UNNAMED, "target.bucket.name != /*name*/", {}),
    (UNNAMED, "all {target.bucket.name, !target.bucket.name}", Unmet),
    (UNNAMED, "all {target.bucket.name != 'a', !target.bucket.name}", Unmet),
    (UNNAMED, "target.bucket.name", {}),
    (UNNAMED, "!target.bucket.name", {}),
    (UNNAMED, "any {target.bucket.name = 'a', target.bucket.name != 'b'}", {}),
    (UNNAMED, "all {target.bucket.name = 'a', target.bucket.name != 'b'}", Unmet),
    (UNNAMED, "any {target.bucket.name = 'a', request.region = 'iad'}", {"request.region": "iad"}),
    (UNNAMED, "Request.User.Name = 'Ann'", {"Request.User.Name": "Ann"}),
    (UNNAMED, "request.user.name != 'ann'", {}),
    (UNNAMED, "request.utc-timestamp before '2027-01-01T00:00Z'", {}),
    (UNNAMED, "request.utc-timestamp between '2026-01-01T00:00Z' and '2027-01-01T00:00Z'", {}),
    (UNNAMED, "request.tomorrow = 'x'", Unclear),
    (UNNAMED, "request.tomorrow != 'x'", {}),
    (UNNAMED, "all {request.tomorrow = 'x', target.bucket.name = 'a'}", Unmet),
    (UNNAMED, f"target.bucket.name = '{ANYTHING}'", Unmet),
    (UNNAMED, f"target.bucket.name = {ANYTHING}", Unclear),
    (UNNAMED, f"target.bucket.name = /{COMPUTED}*/", Unmet),
    (UNNAMED, f"target.bucket.name = /{ANYTHING}*/", Unclear),
    (UNNAMED, ANYTHING, Unclear),
    (UNNAMED, f"any {{{ANYTHING}, target.bucket.name != 'a'}}", {}),
    (UNNAMED, "request.user.id = target.user.id", Unmet),
    (UNNAMED, "request.user.id != target.user.id", {}),
    (CHOSEN, "target.bucket.name = 'a'", {"target.bucket.name": "a"}),
    (CHOSEN, "all {target.bucket.name = 'a', target.bucket.name = 'A'}", {"target.bucket.name": "a"}),
    (CHOSEN, "all {target.bucket.name = 'a', target.bucket.name = 'b'}", Unmet),
    (CHOSEN, "all {target.bucket.name = /a*/, target.bucket.name = /*b/}", {"target.bucket.name": "ab"}),
    (CHOSEN, "all {target.bucket.name in ('a', 'b'), target.bucket.name != 'A'}", {"target.bucket.name": "b"}),
    (CHOSEN, "all {target.bucket.name = /a/, target.bucket.name != 'A'}", Unmet),
    (CHOSEN, f"all {{target.bucket.name = 'a', target.bucket.name != '{ANYTHING}'}}", Unclear),
    (STRANGER, "request.user.name = 'ann'", Unmet),
    (STRANGER, "request.user.name = /a*/", Unmet),
    (STRANGER, "request.principal.type = 'instance'", Unmet),
    (NEWCOMER, "request.user.name = /svc-*/", {"request.user.name": "svc-"}),
    (NEWCOMER, "request.user.name = /svc/", Unmet),
    (NEWCOMER, "request.user.name = 'svc'", Unmet),
    (NEWCOMER, "request.principal.type = 'instance'", {"request.principal.type": "instance"}),
    (READ, "request.permission = 'object_read'", {"request.permission": "OBJECT_READ"}),
    (READ, "request.permission != 'OBJECT_READ'", Unmet),
    (READ, "request.permission = /OBJECT_*/", {"request.permission": "OBJECT_READ"}),
    (READ, "request.permission in ('OBJECT_INSPECT')", Unmet),
    (READ, "request.operation = 'GetObject'", {"request.operation": "getobject"}),
    (READ, "request.operation = 'DeleteBucket'", Unmet),
    (READ, "request.operation = 'AnOperationOfTomorrow'", Unclear),
    (UNNAMED, "request.operation = 'GetObject'", Unmet),
    (ADMINISTRATORS, "target.group.name != 'administrators'", Unmet),
    (ADMINISTRATORS, "target.group.name != /*admin*/", Unmet),
    (ADMINISTRATORS, "target.group.name = /Adm*/", {"target.group.name": "Administrators"}),
    (ADMINISTRATORS, "target.group.name != 'Auditors'", {"target.group.name": "Administrators"}),
    (ADMINISTRATORS, f"target.group.name != {ANYTHING}", Unclear),
    (ADMINISTRATORS, "target.group.id != 'ocid1.group.oc1..a'", Unclear),
    (ADMINISTRATORS, "target.group.id = 'ocid1.group.oc1..a'", Unmet),
    (LISTING, "target.bucket.name != 'a'", Unmet),
    (LISTING, "target.bucket.name = /*/", Unmet),
    (LISTING, "!target.bucket.name", {}),
    (LISTING, "any {target.bucket.name, target.object.name != 'a'}", {}),
]


@pytest.mark.parametrize(("asked", "text", "answer"), FOUND, ids=[f"{row[1]}-{n}" for n, row in enumerate(FOUND)])
def test_find(asked: Asked, text: str, answer: object) -> None:
    found = find(condition(text), asked)
    if isinstance(answer, dict):
        assert isinstance(found, Met)
        assert found.context == answer
    else:
        assert type(found) is answer


def test_something_is_found_beside_what_a_pattern_leaves_out() -> None:
    text = "all {target.bucket.name = /a*/, target.bucket.name not in ('a', 'ax'), target.bucket.name != /*b/}"
    assert isinstance(find(condition(text), CHOSEN), Met)


def test_no_condition_is_met_and_what_is_unclear_names_its_part() -> None:
    assert find(None, UNNAMED) == Met({})
    hangs = condition(f"all {{request.region = 'a', target.bucket.name = {ANYTHING}}}")
    assert find(hangs, UNNAMED) == Unclear(f"target.bucket.name = {ANYTHING}")
    assert isinstance(find(hangs, CHOSEN), Met)


def test_more_ways_than_can_be_tried_are_unclear() -> None:
    members = ", ".join(f"any {{target.bucket.name = 'a{n}', target.bucket.name = 'b{n}'}}" for n in range(12))
    hostile = condition(f"all {{{members}}}")
    assert ways(hostile) is None
    assert isinstance(find(hostile, UNNAMED), Unclear)


def test_ways_are_what_has_to_hold_together() -> None:
    found = ways(condition("all {a.b = 'x', any {a.c = 'y', all {a.d = 'z', a.e = 'v'}}}"))
    assert found is not None
    assert [[str(part) for part in way] for way in found] == [
        ["a.b = 'x'", "a.c = 'y'"],
        ["a.b = 'x'", "a.d = 'z'", "a.e = 'v'"],
    ]


ALWAYS = {
    "a.b = /*/": True,
    "a.b in ('x', /**/)": True,
    "a.b = '*'": False,
    "a.b = //": False,
    "a.b != 'x'": False,
    "a.b != /*/": False,
    "a.b": False,
    "any {a.b = /*/, a.c = 'x'}": True,
    "all {a.b = /*/, a.c = 'x'}": False,
    "all {a.b = /*/, any {a.c = 'x', a.d = /*/}}": True,
    "any {a.b = 'x', a.b != 'X'}": True,
    "any {a.b != 'x', a.b != 'y'}": True,
    "any {a.b != 'x', a.b != 'X'}": False,
    "any {a.b != 'x', a.c != 'y'}": False,
    "any {a.b not in ('x', 'y'), a.b = 'x'}": False,
    "any {a.b not in ('x', 'y'), a.b = 'x', a.b = 'y'}": True,
    f"any {{a.b != {ANYTHING}, a.b = 'x'}}": False,
    f"a.b = /{ANYTHING}/": False,
    ANYTHING: False,
}


@pytest.mark.parametrize("text", ALWAYS)
def test_holds_always(text: str) -> None:
    assert holds_always(condition(text)) is ALWAYS[text]


def test_no_condition_is_none_that_holds_always() -> None:
    assert holds_always(None) is False


IMPLIES = [
    ("a.b = 'x'", "A.B = 'X'", True),
    ("a.b = 'x'", "a.b in ('x', 'y')", True),
    ("a.b in ('x', 'y')", "a.b = 'x'", False),
    ("a.b = 'x'", "a.b != 'y'", True),
    ("a.b = 'x'", "a.b != 'X'", False),
    ("a.b = 'x'", "a.b not in ('y', /z*/)", True),
    ("a.b = 'xy'", "a.b = /x*/", True),
    ("a.b = /x*/", "a.b = /x*/", True),
    ("a.b = /xy*/", "a.b = /x*/", False),
    ("a.b = 'x'", "a.b", True),
    ("a.b != 'x'", "a.b = 'y'", False),
    ("all {a.b = 'x', a.c = 'y'}", "a.c = 'y'", True),
    ("a.b = 'x'", "all {a.b = 'x', a.c = 'y'}", False),
    ("any {a.b = 'x', a.b = 'y'}", "a.b in ('x', 'y')", True),
    ("any {a.b = 'x', a.c = 'y'}", "a.b = 'x'", False),
    ("a.b = 'x'", "any {a.c = 'y', a.b = /x/}", True),
    ("a.b = 'x'", "a.b = /*/", True),
    # A request may have no such variable, and then the test is false.
    ("a.b = 'x'", "a.c = /*/", False),
    ("a.b = 'x'", "any {a.c = 'y', a.c != 'y'}", False),
    (f"a.b = '{COMPUTED}'", "a.b != 'y'", False),
    (f"a.b = '{COMPUTED}'", f"a.b = '{COMPUTED}'", True),
    ("a.b = 'x'", f"a.b != {ANYTHING}", False),
    (ANYTHING, "a.b = 'x'", False),
]


@pytest.mark.parametrize(("narrower", "wider", "answer"), IMPLIES)
def test_implies(narrower: str, wider: str, answer: bool) -> None:
    assert implies(condition(narrower), condition(wider)) is answer
    assert implies(condition(narrower), None)
    assert implies(None, condition(narrower)) is False


def test_patterns_and_plain_values() -> None:
    assert matches("app-*", "APP-1")
    assert not matches("app-*", "an-app-1")
    assert not matches("app", "app-1")
    assert matches("*", "")
    plain = [
        is_plain(value)
        for text in ("a.b = 'x'", "a.b = /x/", f"a.b = 'x{ANYTHING}'", f"a.b = {ANYTHING}")
        for test in [condition(text)]
        if isinstance(test, Test)
        for value in test.values
    ]
    assert plain == [True, False, False, False]


BUCKET, USER, KIND, REGION, PERMISSION = (
    "target.bucket.name",
    "request.user.name",
    "request.principal.type",
    "request.region",
    "request.permission",
)
VARIABLES: Final[Mapping[str, Sequence[str]]] = {
    BUCKET: (*oracle.LITERALS, *oracle.PATTERNS),
    USER: (*oracle.LITERALS, *oracle.PATTERNS),
    KIND: oracle.LITERALS,
    PERMISSION: ("'OBJECT_READ'", "'object_inspect'", "/OBJECT_*/", "/*/"),
}
PARTS: Final = (Part.CHOSEN, Part.UNNAMED, Part.NEWCOMER)
HELD: Final[Sequence[Mapping[str, str | Part]]] = ({}, {}, {BUCKET: "A"}, {USER: Part.CHOSEN}, {USER: "AB"})


def some_condition(random: Random) -> oracle.Condition:
    return oracle.condition(random, {name: VARIABLES[name] for name in random.sample(sorted(VARIABLES), 2)})


def some_request(random: Random) -> Asked:
    return Asked(
        "OBJECT_READ",
        who=random.choice(PARTS),
        what=random.choice(PARTS),
        kind=random.choice([Part.CHOSEN, Part.UNNAMED]),
        held=random.choice(HELD),
    )


def domain(variable: str, part: object, written: oracle.Condition) -> list[str | None]:
    """The values a request may have for a variable."""
    if isinstance(part, str):
        return [part]
    named = {
        value[1:-1].lower()
        for check in oracle.checks(written)
        for value in check.values
        if check.variable == variable and (value[0] == "'" or "*" not in value)
    }
    match part:
        case Part.CHOSEN:
            return [None, oracle.NEW, *oracle.TEXTS, "a*"]
        case Part.NEWCOMER:
            return [None, oracle.NEW, *(text for text in oracle.TEXTS if text not in named)]
        case _:
            return [None, oracle.NEW]


def test_a_request_is_found_where_there_is_one_and_only_there() -> None:
    random = Random(f"find {examples(0)}")
    for _ in range(examples(250)):
        written, asked = some_condition(random), some_request(random)
        answer = find(condition(written), asked)
        variables = {check.variable for check in oracle.checks(written)}
        held = {name: asked.of(name) for name in variables}
        if isinstance(answer, Unmet):
            domains = {name: domain(name, held[name], written) for name in variables}
            met = next((one for one in oracle.worlds(domains) if oracle.holds(written, one)), None)
            assert met is None, f"{written} is met by {met}: {asked}"
        else:
            assert isinstance(answer, Met), f"nothing in {written} is unknown"
            for name, value in answer.context.items():
                assert held[name] is not Part.UNNAMED
                assert not isinstance(held[name], str) or held[name] == value
            rest: dict[str, list[str | None]] = {
                name: [part] if isinstance(part := held[name], str) else [None, oracle.NEW]
                for name in variables - set(answer.context)
            }
            requests = [{**request, **answer.context} for request in oracle.worlds(rest)]
            told = f"{written} is not met by {answer.context}: {asked}"
            assert any(oracle.holds(written, request) for request in requests), told


def test_an_answer_holds_whatever_is_not_known() -> None:
    random = Random(f"fill {examples(0)}")
    pattern = f"/{ANYTHING}*/"
    values = ("'a'", "/a*/", "/*/", f"'{ANYTHING}'", f"'{ANYTHING}-x'", pattern)
    for _ in range(examples(150)):
        written = oracle.condition(random, {BUCKET: values, USER: values})
        asked = Asked(who=random.choice(PARTS[:2]), what=random.choice(PARTS[:2]))
        answer = find(condition(written), asked)
        negated = any(
            pattern in check.values and check.operator in {"!=", "not in"} for check in oracle.checks(written)
        )
        # A negative test of what may be anything would keep out everything; nobody writes that.
        text = str(written).replace(ANYTHING, random.choice("ab" if negated else "ab*"))
        filled = find(condition(text), asked)
        # Where the request is of the asker's choice, what is met may hang on the text that is chosen.
        if isinstance(answer, Unmet) or (isinstance(answer, Met) and Part.CHOSEN not in {asked.who, asked.what}):
            assert type(filled) is type(answer), f"{written} and {text}: {asked}"


def test_what_holds_always_holds_for_every_request_with_its_variables() -> None:
    random = Random(f"always {examples(0)}")
    for _ in range(examples(150)):
        written = some_condition(random)
        if holds_always(condition(written)):
            variables = {check.variable for check in oracle.checks(written)}
            for request in oracle.worlds({name: [oracle.NEW, *oracle.TEXTS] for name in variables}):
                assert oracle.holds(written, request), f"{written} is not met by {request}"


def related(random: Random, written: oracle.Condition) -> oracle.Condition:
    """A condition that has to do with another: itself, a part of it, it beside something else."""
    piece = random.choice([written, *oracle.checks(written)])
    if random.random() < 0.4:
        return piece
    return oracle.Several(random.choice(["all", "any"]), (piece, oracle.check(random, VARIABLES)))


def test_what_is_implied_holds_for_every_request() -> None:
    random = Random(f"imply {examples(0)}")
    implied = 0
    for _ in range(examples(200)):
        one = some_condition(random)
        narrower, wider = random.sample([one, related(random, one)], 2)
        if not implies(condition(narrower), condition(wider)):
            continue
        implied += 1
        variables = {check.variable for each in (narrower, wider) for check in oracle.checks(each)}
        values = [None, oracle.NEW, "a", "b", "ab", "ba", "a*", "OBJECT_READ"]
        for request in oracle.worlds(dict.fromkeys(variables, values)):
            met = not oracle.holds(narrower, request) or oracle.holds(wider, request)
            assert met, f"{narrower} is met by {request}, and {wider} is not"
    assert implied
