"""What a resource policy exposes, held against the question about strangers and the second implementation."""

import random
from typing import Any

import pytest
from aws_replay import replays
from fuzzing import examples

from policypack.guardrails.aws.answers import No, Undecided, Witness, Yes
from policypack.guardrails.aws.document import Effect, Kind, parse
from policypack.guardrails.aws.exposure import (
    anything_passes,
    exposures,
    grants_on_behalf,
    grants_to_accounts,
    serves_strangers,
    use_through,
    without_tls,
)
from policypack.guardrails.aws.offers import grants_whole_service, most_dangerous
from policypack.guardrails.aws.questions import strangers
from policypack.guardrails.values import UNKNOWN

SEND = "sqs:SendMessage"
ROLE = {"AWS": "arn:aws:iam::402918573664:role/worker"}
OTHER = {"AWS": "213098465721"}
SERVICE = {"Service": "s3.amazonaws.com"}
PRINCIPALS: list[Any] = ["*", {"AWS": "*"}, ROLE, OTHER, SERVICE, {"AWS": ["213098465721", ROLE["AWS"]]}]
ACTIONS = ["sqs:SendMessage", "sqs:*", "SQS:S*", "sqs:Re*", ["sqs:AddPermission", "sqs:SendMessage"]]
CONDITIONS: list[dict[str, Any]] = [
    {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
    {"StringEqualsIfExists": {"aws:PrincipalAccount": "213098465721"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:402918573664:*"}},
    {"StringEquals": {"aws:SourceAccount": "402918573664"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"Null": {"aws:PrincipalArn": "true"}},
    {"StringLike": {"aws:UserAgent": "ours-*"}},
]


def statement(chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Effect": chance.choice(["Allow", "Allow", "Deny"]),
        "Principal": chance.choice(PRINCIPALS),
        "Action": chance.choice(ACTIONS),
        "Resource": "*",
    }
    conditions: dict[str, Any] = {}
    for each in chance.sample(CONDITIONS, chance.choice([0, 0, 1, 1, 2])):
        for operator, entries in each.items():
            conditions.setdefault(operator, {}).update(entries)
    return {**found, "Condition": conditions} if conditions else found


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize("seed", range(examples(60)))
def test_answers_agree_and_witnesses_replay(seed: int) -> None:
    chance = random.Random(seed)
    source = policy(*(statement(chance) for _ in range(chance.randint(1, 4))))
    document = parse(source, Kind.RESOURCE)
    found = exposures(document, ("sqs",))
    assert not found.doubts
    assert bool(found.found) is isinstance(strangers(document, frozenset()), Yes)
    witnesses = [each.witness for each in (*found.found, *granted(document).found)]
    witnesses += [each.witness for each in grants_on_behalf(document, lambda _caller: (SEND,)).found]
    for answer in (
        serves_strangers(document),
        without_tls(document, ("sqs",)),
        *(use_through(document, each, None) for each in document.statements if each.effect is Effect.ALLOW),
    ):
        assert not isinstance(answer, Undecided)
        witnesses += [answer.witness] if isinstance(answer, Yes) else []
    assert [each for each in witnesses if not replays([source], [Kind.RESOURCE], each)] == []


def granted(document: Any) -> Any:
    return grants_to_accounts(document, ("sqs",), lambda account: account == "213098465721")


def test_only_accounts_that_are_asked_about_are_granted_anything() -> None:
    document = parse(policy({"Effect": "Allow", "Principal": PRINCIPALS[-1], "Action": "sqs:*"}), Kind.RESOURCE)
    assert {each.witness.request.principal.account for each in granted(document).found} == {"213098465721"}


def asked(**given: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*", **given}


@pytest.mark.parametrize(
    ("source", "fixed"),
    [
        ("arn:aws:s3:*:*:uploads", True),
        ("arn:aws:s3:::uploads", True),
        ("arn:aws:s3:::uploads-*", False),
        ("arn:aws:events:*:402918573664:rule/*", True),
        ("arn:aws:events:*:*:rule/nightly", False),
        ("standin0c0123456789abcdef", True),
        ("standin0c0123456789abcdef/*/*", True),
        ("*", False),
    ],
)
def test_what_fixes_the_source(source: str, fixed: bool) -> None:
    condition = {"ArnLike": {"aws:SourceArn": source}}
    open_to = parse(policy(asked(Condition=condition)), Kind.RESOURCE)
    deputy = parse(policy(asked(Condition=condition, Principal=SERVICE)), Kind.RESOURCE)
    assert bool(exposures(open_to, ("sqs",)).found) is not fixed
    assert isinstance(serves_strangers(deputy), No if fixed else Yes)


@pytest.mark.parametrize(
    ("keys", "passes"),
    [
        ({}, True),
        ({"aws:PrincipalOrgID": "o-1"}, False),
        ({"aws:ResourceOrgID": "o-1"}, False),
        ({"aws:ResourceAccount": "402918573664"}, False),
        ({"aws:RequestedRegion": "eu-west-1"}, True),
    ],
)
def test_what_passes_an_endpoint(keys: dict[str, str], passes: bool) -> None:
    source = policy(asked(Action="*", Condition={"StringEquals": keys} if keys else {}))
    answer = anything_passes(parse(source, Kind.RESOURCE))
    assert isinstance(answer, Yes if passes else No)
    if isinstance(answer, Yes):
        assert replays([source], [Kind.RESOURCE], answer.witness)


def test_without_tls_says_so() -> None:
    answer = without_tls(parse(policy(asked(Principal=ROLE)), Kind.RESOURCE), ("sqs",))
    assert isinstance(answer, Yes)
    assert isinstance(answer.witness, Witness)
    assert answer.witness.request.context == {"aws:SecureTransport": "false"}


@pytest.mark.parametrize(("service", "kind"), [("sqs", "anonymous"), ("kms", "AWS")])
def test_the_likelier_stranger_comes_first(service: str, kind: str) -> None:
    document = parse(policy(asked(Action=f"{service}:*")), Kind.RESOURCE)
    assert exposures(document, (service,)).found[0].witness.request.principal.kind == kind


def test_whom_a_statement_names_outright_comes_first() -> None:
    document = parse(policy(asked(Principal=PRINCIPALS[-1])), Kind.RESOURCE)
    answer = use_through(document, document.statements[0], "sqs:SendMessage")
    assert isinstance(answer, Yes)
    assert answer.witness.request.principal.name == ROLE["AWS"]


def test_what_cannot_be_read_is_a_doubt() -> None:
    document = parse(policy(asked(Principal={"AWS": UNKNOWN}), asked()), Kind.RESOURCE)
    found = exposures(document, ("sqs",))
    assert {each.statement for each in found.found} == {"Statement[1]"}
    assert [each.path for each in found.doubts] == ["Statement[0].Principal.AWS"]


@pytest.mark.parametrize(
    ("element", "pattern", "whole", "most"),
    [
        ("Action", "sqs:*", True, "sqs:AddPermission"),
        ("Action", ["sqs:[A-M]*", "SQS:?*"], True, "sqs:AddPermission"),
        ("Action", "sqs:Send*", False, "sqs:SendMessage"),
        ("NotAction", "s3:*", True, "sqs:AddPermission"),
        ("NotAction", "sqs:*", False, ""),
        ("Action", "s3:*", False, ""),
    ],
)
def test_of_a_service(element: str, pattern: Any, whole: bool, most: str) -> None:
    given = asked()
    given.pop("Action")
    (read,) = parse(policy({**given, element: pattern}), Kind.RESOURCE).statements
    assert grants_whole_service(read, "sqs") is whole
    assert most_dangerous(read, ("sqs",)) == most
