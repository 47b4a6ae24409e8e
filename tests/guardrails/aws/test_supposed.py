"""What Denys leave open when everything is granted, held against trying every request of a small world."""

import random
from itertools import product
from typing import Any

import pytest
from fuzzing import examples

from policypack.guardrails.aws.answers import No, Undecided, Yes
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.evaluate import Principal, Request, Verdict, evaluate
from policypack.guardrails.aws.supposed import about_tls, nobody_may, passes_in_plain
from policypack.guardrails.values import UNKNOWN

BUCKET = "arn:aws:s3:::data"
WHOLE = (BUCKET, f"{BUCKET}/*")
CHANGING = ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
ROLE = "arn:aws:iam::402918573664:role/app"
ON_OBJECTS, ON_BUCKET = ("s3:GetObject", "s3:PutObject"), ("s3:ListBucket", "s3:GetBucketPolicy", *CHANGING)
CONDITIONS: list[dict[str, Any]] = [
    {"Bool": {"aws:SecureTransport": "false"}},
    {"StringNotEquals": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"Null": {"aws:SourceVpce": "true"}},
    {"Null": {"aws:SourceVpce": "false"}},
    {"ArnNotEquals": {"aws:PrincipalArn": ROLE}},
    {"ArnEquals": {"aws:PrincipalArn": ROLE}},
]
ACTIONS = ["*", "s3:*", "s3:Get*", "s3:*Bucket*", "s3:*Object", list(CHANGING), ["s3:Put*", "s3:Delete*"]]
RESOURCES: list[Any] = ["*", BUCKET, f"{BUCKET}/*", f"{BUCKET}*", list(WHOLE)]


def denying(chance: random.Random) -> dict[str, Any]:
    action = "NotAction" if chance.random() < 0.15 else "Action"
    found: dict[str, Any] = {
        "Effect": "Deny",
        "Principal": "*",
        action: chance.choice(ACTIONS),
        "Resource": chance.choice(RESOURCES),
    }
    conditions: dict[str, Any] = {}
    for each in chance.sample(CONDITIONS, chance.choice([0, 1, 1, 1, 2])):
        for operator, entries in each.items():
            conditions.setdefault(operator, {}).update(entries)
    return {**found, "Condition": conditions} if conditions else found


def policy(*statements: dict[str, Any]) -> Any:
    return parse({"Version": "2012-10-17", "Statement": list(statements)}, Kind.RESOURCE)


def denied(document: Any, who: str, action: str, resource: str, context: dict[str, str | tuple[str, ...]]) -> bool:
    request = Request(Principal("AWS", who), action, resource, {"aws:PrincipalArn": who, **context})
    return evaluate((document,), request).verdict is Verdict.EXPLICITLY_DENIED


def contexts(*transports: str) -> list[dict[str, str | tuple[str, ...]]]:
    endpoints: list[dict[str, str | tuple[str, ...]]] = [{}, {"aws:SourceVpce": "vpce-1"}, {"aws:SourceVpce": "vpce-2"}]
    return [{"aws:SecureTransport": transport, **each} for transport, each in product(transports, endpoints)]


WHO = (ROLE, "arn:aws:iam::977788889999:role/other")


@pytest.mark.parametrize("seed", range(examples(150)))
def test_lockout_is_what_no_request_gets_past(seed) -> None:
    chance = random.Random(seed)
    document = policy(*(denying(chance) for _ in range(chance.choice([1, 1, 2, 3]))))
    tried = product(WHO, CHANGING, contexts("true", "false"))
    expected = all(denied(document, who, action, BUCKET, context) for who, action, context in tried)
    assert bool(nobody_may(document, CHANGING, BUCKET)) == expected


@pytest.mark.parametrize("seed", range(examples(150)))
def test_gap_is_what_some_request_without_tls_gets_past(seed) -> None:
    chance = random.Random(1_000 + seed)
    document = policy(*(denying(chance) for _ in range(chance.choice([1, 1, 2, 3]))))
    found = passes_in_plain(document, "s3", WHOLE)
    asked = [*((each, BUCKET) for each in ON_BUCKET), *((each, f"{BUCKET}/any") for each in ON_OBJECTS)]
    tried = product(WHO, asked, contexts("false"))
    if any(not denied(document, who, action, resource, context) for who, (action, resource), context in tried):
        assert isinstance(found, Yes)
    if isinstance(found, Yes):
        request = found.witness.request
        assert request.context["aws:SecureTransport"] == "false"
        assert evaluate((document,), request).verdict is not Verdict.EXPLICITLY_DENIED
        assert found.path == next((each.path for each in about_tls(document)), "")


def test_usual_deny_and_one_that_says_the_same_leave_no_gap() -> None:
    usual = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": list(WHOLE), "Condition": CONDITIONS[0]}
    assert passes_in_plain(policy(usual), "s3", WHOLE) == No()
    assert passes_in_plain(policy({**usual, "Condition": CONDITIONS[1]}), "s3", WHOLE) == No()


def test_what_cannot_be_read_leaves_it_open() -> None:
    unknown = {"Effect": "Deny", "Principal": "*", "Action": UNKNOWN, "Resource": "*"}
    assert isinstance(nobody_may(policy(unknown), CHANGING, BUCKET), Undecided)
    assert isinstance(passes_in_plain(policy({**unknown, "Condition": CONDITIONS[0]}), "s3", WHOLE), Undecided)
