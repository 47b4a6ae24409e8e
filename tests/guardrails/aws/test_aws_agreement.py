"""The evaluator and the second implementation give the same verdicts."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from aws_oracle import Verdict as Said
from aws_oracle import decide as oracle_decide
from aws_oracle import decide_layers
from aws_replay import call_of, replays
from fuzzing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.aws.answers import Witness, Yes
from policypack.guardrails.aws.authority import Layers, effective
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.evaluate import ANONYMOUS, Principal, Request, Verdict, decide, evaluate
from policypack.guardrails.aws.questions import administrator, allows, anyone_may_assume, strangers

SAME = {
    Verdict.ALLOWED: Said.ALLOWED,
    Verdict.EXPLICITLY_DENIED: Said.DENIED_EXPLICITLY,
    Verdict.IMPLICITLY_DENIED: Said.DENIED_IMPLICITLY,
    Verdict.UNDECIDED: Said.UNCLEAR,
}
Policies = list[tuple[dict[str, Any], Kind]]

# One small alphabet for documents and requests, so that they meet.
ACCOUNT = "111122223333"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci/deploy"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run"
STRANGER = "arn:aws:iam::444455556666:user/alice"
PROVIDER = "accounts.google.com"
CALLERS = [
    Principal("AWS", ALICE),
    Principal("AWS", SESSION),
    Principal("AWS", STRANGER),
    Principal("Service", "lambda.amazonaws.com"),
    Principal("Federated", PROVIDER),
    ANONYMOUS,
]
ACTIONS = ["s3:GetObject", "s3:PutObject", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
ACTION_PATTERNS = [
    *("*", "*", "s3:*", "S3:gETobject", "s3:?etObject", "s3:*Obj*", "*:Put*", "st*:*", "sts:AssumeRole*"),
    *("s3:GetObject", "s3:PutObject", "sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithWebIdentity"),
    *("s3:GetObject ", "s3:GetObject,s3:PutObject", "s3", "s3:", ""),
]
RESOURCES = ["*", "arn:aws:s3:::b/a", "arn:aws:s3:::b/ab", "arn:aws:s3:::b/a*", "arn:aws:sns:eu-west-1:1:t:x"]
RESOURCE_PATTERNS = [
    *("*", "*", "**", "arn:aws:s3:::*", "arn:aws:s3:::b/?", "arn:aws:s3:::b/a*", "arn:aws:s3:::b/A"),
    *("arn:aws:s3:::b/${aws:PrincipalTag/Team}", "arn:aws:s3:::b/${AWS:principaltag/team, 'ab'}*"),
    *("arn:aws:s3:::b/${aws:absent}", "arn:aws:s3:::b/a${*}", "arn:aws:s3", "arn:aws:sns:*:*:t:*"),
    *("arn:aws:sns:*:t:x", "arn:*:x", "arn:aws:*", "*:b/a"),
]
TEXTS = ["a", "b", "A", "ab", "a*"]
KEYS: dict[str, list[str]] = {
    "aws:PrincipalTag/Team": TEXTS,
    "aws:RequestTag/Team": TEXTS,
    "aws:TagKeys": TEXTS,
    "s3:max-keys": ["1", "2", "10", "1.0", "-1"],
    "aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2027-06-30T12:00:00Z", "1767225600"],
    "aws:SecureTransport": ["true", "false"],
    "aws:SourceIp": ["10.1.2.3", "192.0.2.7", "2001:db8::1"],
    "aws:SourceArn": ["arn:aws:sns:eu-west-1:1:t", "arn:aws:s3:::b", "arn:aws:lambda:eu-west-1:1:function:f:live"],
    "kms:Grant": ["YQ==", "YWI="],
}
SEVERAL = {"aws:TagKeys", "aws:RequestTag/Team"}
PATTERNS = [*TEXTS, "*", "?", "a?", "A*", "${aws:PrincipalTag/Team}", "${aws:RequestTag/Team}x", "${aws:absent}"]
PATTERNS += ["${aws:absent, 'a'}", "${aws:PrincipalTag/Team, 'b'}", "${*}", "a${*}", "${?}", "${$}"]
ARNS = [
    "*",
    "arn:aws:sns:*",
    "arn:aws:s3:::*",
    "arn:aws:sns:*:1:t",
    "arn:*:*:*:*:*",
    "arn:aws:s3:::b",
    "arn:aws:lambda:*:?:function:*",
]
FAMILIES: list[tuple[list[str], list[str], list[object]]] = [
    (
        ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"],
        ["aws:PrincipalTag/Team", "aws:RequestTag/Team", "aws:TagKeys"],
        list(PATTERNS),
    ),
    (
        ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
        ["aws:PrincipalTag/Team", "aws:RequestTag/Team", "aws:TagKeys"],
        list(PATTERNS),
    ),
    (
        [f"Numeric{each}" for each in ("Equals", "NotEquals", "LessThan", "LessThanEquals")]
        + ["NumericGreaterThan", "NumericGreaterThanEquals"],
        ["s3:max-keys"],
        ["1", "2", "10.0", 1, 2, "0", "-1", "many"],
    ),
    (
        [f"Date{each}" for each in ("Equals", "NotEquals", "LessThan", "LessThanEquals")]
        + ["DateGreaterThan", "DateGreaterThanEquals"],
        ["aws:CurrentTime"],
        ["2026-01-01T00:00:00Z", "2026-01-01", "2027-06-30T12:00:00.5Z", "1767225600", "yesterday"],
    ),
    (["Bool"], ["aws:SecureTransport"], ["true", "False", True, False]),
    (["BinaryEquals"], ["kms:Grant"], ["YQ==", "YWI=", "!"]),
    (
        ["IpAddress", "NotIpAddress"],
        ["aws:SourceIp"],
        ["10.0.0.0/8", "0.0.0.0/0", "::/0", "192.0.2.7", "10.9.9.9/9", "2001:db8::/32", "10.0.0.0/33", "home"],
    ),
    (["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"], ["aws:SourceArn"], list(ARNS)),
    (["Null"], list(KEYS), ["true", "false", True, False]),
]


def some(values: list[Any]) -> st.SearchStrategy[Any]:
    """One of them alone, or a list of some."""
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3)


@st.composite
def conditions(draw: st.DrawFn, counts: st.SearchStrategy[int]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for _ in range(draw(counts)):
        operators, keys, values = draw(st.sampled_from(FAMILIES))
        operator, key = draw(st.sampled_from(operators)), draw(st.sampled_from(keys))
        if operator != "Null":
            several = key in SEVERAL and draw(st.booleans())
            operator = draw(st.sampled_from(["ForAllValues:", "ForAnyValue:"] if several else [""])) + operator
            operator += draw(st.sampled_from(["", "", "IfExists"]))
        written = draw(st.sampled_from([key, key.lower(), key.upper()]))
        found.setdefault(operator, {})[written] = draw(some(values) if operator != "Null" else st.sampled_from(values))
    return found


AWS_NAMES = ["*", ALICE, SESSION, ROLE, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", STRANGER]
AWS_NAMES += [f"arn:aws:iam::{ACCOUNT}:user/*"]
NAMES = st.one_of(
    st.just("*"),
    st.fixed_dictionaries({"AWS": some(AWS_NAMES)}),
    st.fixed_dictionaries(
        {},
        optional={
            "AWS": some(AWS_NAMES),
            "Service": some(["lambda.amazonaws.com", "ec2.amazonaws.com"]),
            "Federated": some([PROVIDER, "www.amazon.com"]),
        },
    ).filter(bool),
)


@st.composite
def statements(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    effect = draw(st.sampled_from(["Allow", "Allow", "Deny"]))
    often = st.sampled_from([False, False, False, True])
    found: dict[str, Any] = {"Effect": effect}
    found["NotAction" if draw(often) else "Action"] = draw(some(ACTION_PATTERNS))
    if kind is not Kind.IDENTITY:
        found["NotPrincipal" if kind is Kind.RESOURCE and draw(often) else "Principal"] = draw(NAMES)
    if kind is Kind.IDENTITY or (kind is Kind.RESOURCE and not draw(often)):
        found["NotResource" if draw(often) else "Resource"] = draw(some(RESOURCE_PATTERNS))
    condition = draw(conditions(st.sampled_from([0, 0, 0, 1, 1, 2])))
    with_condition = bool(condition) or draw(st.booleans())
    return found | ({"Condition": condition} if with_condition else {})


EVERYTHING: dict[Kind, dict[str, Any]] = {
    Kind.IDENTITY: {"Effect": "Allow", "Action": "*", "Resource": "*"},
    Kind.TRUST: {"Effect": "Allow", "Action": "sts:*", "Principal": "*"},
    Kind.RESOURCE: {"Effect": "Allow", "Action": "*", "Principal": "*", "Resource": "*"},
}


@st.composite
def policies(draw: st.DrawFn) -> Policies:
    found: Policies = []
    for kind in draw(st.lists(st.sampled_from(list(Kind)), min_size=1, max_size=2)):
        body = draw(st.lists(statements(kind), min_size=1, max_size=3))
        if draw(st.sampled_from([True, False])):
            body.append(EVERYTHING[kind])
        version = draw(st.sampled_from([{"Version": "2012-10-17"}] * 4 + [{"Version": "2008-10-17"}, {}]))
        found.append((version | {"Statement": body[0] if len(body) == 1 and draw(st.booleans()) else body}, kind))
    return found


@st.composite
def requests(draw: st.DrawFn, actions: list[str]) -> Request:
    context: dict[str, str | tuple[str, ...]] = {}
    for key, values in KEYS.items():
        if draw(st.sampled_from([True, True, False])):
            one = st.sampled_from(values)
            many = st.lists(one, max_size=3, unique=True).map(tuple)
            context[draw(st.sampled_from([key, key.upper()]))] = draw(one | many if key in SEVERAL else one)
    return Request(
        draw(st.sampled_from(CALLERS)),
        draw(st.sampled_from(actions)),
        draw(st.sampled_from(RESOURCES)),
        context,
    )


def policy(*body: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(body)}


def several_values_in_a_variable(text: str, request: Request) -> bool:
    lists = [key for key, value in request.context.items() if not isinstance(value, str) and len(value) > 1]
    return any("${" + key.lower() in text.lower() for key in lists)


# Where one of the two is in doubt and the other decides, and why; in nothing else may they differ.
ACCEPTED: dict[str, Callable[[str, Request], bool]] = {
    # AWS describes IfExists for absent keys without exception, a third-party simulator ignores it here.
    "ForAnyValue with IfExists": lambda text, request: bool(re.search("ForAnyValue:[A-Za-z]*IfExists", text)),
    # AWS calls an empty text a null data set under set operators; the product leaves it undecided where that counts.
    "a key whose values are all empty": lambda text, request: any(
        each in ("", ("",)) for each in request.context.values()
    ),
    # The product's example of other bytes is a readable text, which in base64 stands for none.
    "a binary value that is no base64": lambda text, request: (
        "BinaryEquals" in text
        and any(key.lower() == "kms:grant" and each not in KEYS["kms:Grant"] for key, each in request.context.items())
    ),
    # A variable is for keys of one value; the product takes the key for absent.
    "several values in a variable": several_values_in_a_variable,
    # The product completes the pattern as in Resource.
    "an ARN pattern of fewer than six segments": lambda text, request: bool(
        re.search(r'Arn[A-Z][^}]*"(\*|arn:aws:sns:\*)"', text)
    ),
}


def accepted(text: str, request: Request, product: Said, oracle: Said) -> bool:
    """Whether a difference is one of those, or none; what one allows and the other denies never is."""
    if product is oracle:
        return True
    opposed = Said.UNCLEAR not in (product, oracle) and Said.ALLOWED in (product, oracle)
    return not opposed and any(agreed(text, request) for agreed in ACCEPTED.values())


def differences(documents: Policies, requests: Iterable[Request]) -> tuple[list[object], set[Said]]:
    """Requests on which the two differ, with both verdicts; and the verdicts that were met."""
    parsed = [parse(source, kind) for source, kind in documents]
    placed = [(source, kind.value) for source, kind in documents]
    text = json.dumps(placed)
    found: list[object] = []
    met: set[Said] = set()
    for request in requests:
        product, oracle = SAME[evaluate(parsed, request).verdict], oracle_decide(placed, call_of(request))
        met.add(oracle)
        if not accepted(text, request, product, oracle):
            found.append((documents, request, product, oracle))
    return found, met


@st.composite
def cases(draw: st.DrawFn) -> tuple[Policies, list[Request]]:
    """Documents, and requests of them."""
    documents = draw(policies())
    return documents, draw(st.lists(requests(ACTIONS), min_size=4, max_size=10))


@settings(max_examples=examples(100), deadline=None)
@given(cases())
def test_documents(case: tuple[Policies, list[Request]]) -> None:
    assert not differences(*case)[0]


@settings(max_examples=examples(100), deadline=None)
@given(
    conditions(st.integers(1, 3)),
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"]),
    st.lists(requests(ACTIONS[:1]), min_size=4, max_size=10),
)
def test_conditions(condition: dict[str, Any], effect: str, version: str, asked: list[Request]) -> None:
    allow = EVERYTHING[Kind.IDENTITY]
    source = policy(allow | {"Effect": effect, "Condition": condition}, version=version)
    others = [(policy(allow), Kind.IDENTITY)] if effect == "Deny" else []
    assert not differences([(source, Kind.IDENTITY), *others], asked)[0]


@settings(max_examples=examples(50), deadline=None)
@given(
    st.lists(st.lists(st.lists(statements(Kind.IDENTITY), min_size=1, max_size=2), max_size=2), min_size=3, max_size=3),
    st.lists(requests(ACTIONS[:2]), min_size=2, max_size=6),
)
def test_ceilings(bodies: list[list[list[dict[str, Any]]]], asked: list[Request]) -> None:
    sources = [[policy(*body, EVERYTHING[Kind.IDENTITY]) for body in layer] for layer in bodies]
    identity, boundary, control = ([parse(each, Kind.IDENTITY) for each in layer] for layer in sources)
    layers = Layers(identity=identity, boundary=boundary, service_control=[control])
    clauses = [[(each, "identity") for each in layer] for layer in sources]
    text = json.dumps(sources)
    for request in (each for each in asked if each.principal.kind == "AWS"):
        product = SAME[decide(effective(layers, request.principal), request).verdict]
        oracle = decide_layers([clauses], [], call_of(request))
        assert accepted(text, request, product, oracle)


CONTEXTS = [
    *({}, {"aws:PrincipalTag/Team": "a"}, {"aws:principaltag/team": "a*"}),
    *({"aws:PrincipalTag/Team": "b", "aws:RequestTag/Team": "b"}, {"aws:RequestTag/Team": "A"}),
]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([EVERYTHING[Kind.RESOURCE]], id="everything"),
        pytest.param(
            [
                EVERYTHING[Kind.RESOURCE] | {"Condition": {"StringEquals": {"aws:PrincipalTag/Team": "a"}}},
                {"Effect": "Deny", "NotAction": "s3:Get*", "NotPrincipal": {"AWS": [ALICE, ACCOUNT]}},
            ],
            id="tag, and a Deny with complements",
        ),
        pytest.param(
            [
                EVERYTHING[Kind.RESOURCE] | {"Principal": {"AWS": [ROLE, STRANGER], "Service": "lambda.amazonaws.com"}},
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "*",
                    "NotResource": ["arn:aws:s3:::b/${aws:PrincipalTag/Team, 'ab'}", "arn:*:t:x"],
                    "Condition": {"StringEqualsIfExists": {"aws:RequestTag/Team": ["A", "${aws:PrincipalTag/Team}"]}},
                },
            ],
            id="names, and a Deny with variables",
        ),
    ],
)
def test_all_requests_of_a_small_world(body: list[dict[str, Any]]) -> None:
    asked = itertools.starmap(Request, itertools.product(CALLERS, ACTIONS, RESOURCES, CONTEXTS))
    assert not differences([(policy(*body), Kind.RESOURCE)], asked)[0]


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_all_principals(element: str, effect: str) -> None:
    names: list[object] = ["*", {"Service": "lambda.amazonaws.com"}, {"Federated": [PROVIDER, "www.amazon.com"]}]
    names += [{"AWS": list(each)} for size in (1, 2, 3) for each in itertools.combinations(AWS_NAMES, size)]
    callers = [*CALLERS, Principal("AWS", ROLE), Principal("AWS", f"arn:aws:iam::{ACCOUNT}:root")]
    met: set[Said] = set()
    for kind, name in itertools.product([Kind.RESOURCE, Kind.TRUST], names):
        if kind is Kind.TRUST and element == "NotPrincipal":
            continue
        body = [{"Effect": effect, "Action": "*", element: name}, *([EVERYTHING[kind]] if effect == "Deny" else [])]
        actions = ACTIONS if kind is Kind.TRUST else ACTIONS[:1]
        asked = [Request(caller, action, RESOURCES[1]) for caller in callers for action in actions]
        found, verdicts = differences([(policy(*body), kind)], asked)
        assert not found
        met |= verdicts
    assert {Said.ALLOWED, Said.DENIED_IMPLICITLY if effect == "Allow" else Said.DENIED_EXPLICITLY} <= met


@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"])
def test_all_actions_and_resources(version: str) -> None:
    met: set[Said] = set()
    for negated, pattern in itertools.product(
        ["", "Not"], [*ACTION_PATTERNS, "s3:*:*", " s3:*", "s3::*", "s?:g*", "s3*", "*Object"]
    ):
        body = {"Effect": "Allow", negated + "Action": pattern, "Resource": "*"}
        asked = [Request(CALLERS[0], action, "*") for action in ACTIONS]
        found, verdicts = differences([(policy(body, version=version), Kind.IDENTITY)], asked)
        assert not found
        met |= verdicts
    everywhere = list(itertools.starmap(Request, itertools.product(CALLERS[:1], ACTIONS[:1], RESOURCES, CONTEXTS)))
    for negated, pattern in itertools.product(["", "Not"], [*RESOURCE_PATTERNS, "arn:*", "*:*", "b/a", "arn:aws:s3*"]):
        body = {"Effect": "Allow", "Action": "*", negated + "Resource": pattern}
        found, verdicts = differences([(policy(body, version=version), Kind.IDENTITY)], everywhere)
        assert not found
        met |= verdicts
    assert met == {Said.ALLOWED, Said.DENIED_IMPLICITLY, Said.UNCLEAR}


@pytest.mark.parametrize(("operators", "keys", "written"), FAMILIES, ids=[each[0][0] for each in FAMILIES])
def test_all_operators(operators: list[str], keys: list[str], written: list[object]) -> None:
    key = keys[-1]
    given = KEYS[key]
    values = [None, (), *given, (given[0],), *itertools.permutations(given[:3], 2)]
    values += ["", ("",), ("", "a")] if key in SEVERAL else []
    contexts = [{"aws:PrincipalTag/Team": "a"} | ({} if value is None else {key: value}) for value in values]
    wanted = [*written, *map(list, itertools.permutations(written[:3], 2))]
    met: set[Said] = set()
    for prefix, base, suffix in itertools.product(["", "ForAllValues:", "ForAnyValue:"], operators, ["", "IfExists"]):
        for value in wanted:
            body = EVERYTHING[Kind.IDENTITY] | {"Condition": {prefix + base + suffix: {key: value}}}
            asked = [Request(CALLERS[0], ACTIONS[0], RESOURCES[1], context) for context in contexts]
            found, verdicts = differences([(policy(body), Kind.IDENTITY)], asked)
            assert not found
            met |= verdicts
    assert met == {Said.ALLOWED, Said.DENIED_IMPLICITLY, Said.UNCLEAR}


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_negated_operator_and_no_value(effect: str) -> None:
    """IAM User Guide, "Policy variables with no value": inverted operators do match against the null value."""
    condition = {"StringNotEquals": {"s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}"}}
    statement = EVERYTHING[Kind.IDENTITY] | {"Effect": effect, "Condition": condition}
    source = policy(statement, *([EVERYTHING[Kind.IDENTITY]] if effect == "Deny" else []))
    request = Request(CALLERS[0], "s3:GetObject", RESOURCES[1], {"s3:ExistingObjectTag/Team": "blue"})
    expected = Verdict.ALLOWED if effect == "Allow" else Verdict.EXPLICITLY_DENIED
    assert evaluate([parse(source, Kind.IDENTITY)], request).verdict is expected


@settings(max_examples=examples(100), deadline=None)
@given(policies(), st.sampled_from(RESOURCES))
def test_witnesses_replay(documents: Policies, resource: str) -> None:
    read = [(parse(source, kind), source) for source, kind in documents]
    own = [(document, source) for document, source in read if document.kind is Kind.IDENTITY]
    answers = [
        *((allows([document for document, _ in read], action, resource), read) for action in ACTIONS),
        (administrator([document for document, _ in own]), own),
        *((strangers(each[0], frozenset()), [each]) for each in read if each[0].kind is Kind.RESOURCE),
        *((anyone_may_assume(each[0]), [each]) for each in read if each[0].kind is Kind.TRUST),
    ]
    text = json.dumps([source for source, _ in documents])
    for answer, asked in answers:
        if isinstance(answer, Yes) and not any(agreed(text, answer.witness.request) for agreed in ACCEPTED.values()):
            assert replays([source for _, source in asked], [each.kind for each, _ in asked], answer.witness)


def test_replays() -> None:
    source = policy(EVERYTHING[Kind.IDENTITY] | {"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}})
    request = Request(CALLERS[0], ACTIONS[0], RESOURCES[1], {"aws:TagKeys": ("b", "a")})
    for document in (source, json.dumps(source)):
        assert replays([document], [Kind.IDENTITY], Witness(request))
        assert not replays([document], [Kind.IDENTITY], Witness(Request(CALLERS[0], ACTIONS[0], RESOURCES[1])))
        assert not replays([document], [Kind.RESOURCE], Witness(request))
