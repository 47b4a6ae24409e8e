"""The second implementation by itself: what the AWS documentation says, case by case."""

from __future__ import annotations

from typing import Any

import pytest
from aws_oracle import Call, Context, Verdict, decide, decide_layers

ACCOUNT = "111122223333"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci/deploy"
KEY = "arn:aws:s3:::bucket/key"
YES, NO, EXPLICIT, UNCLEAR = (
    Verdict.ALLOWED,
    Verdict.DENIED_IMPLICITLY,
    Verdict.DENIED_EXPLICITLY,
    Verdict.UNCLEAR,
)
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DENY = ALLOW | {"Effect": "Deny"}


def policy(*statements: dict[str, Any], version: str | None = "2012-10-17") -> dict[str, Any]:
    return ({"Version": version} if version else {}) | {"Statement": list(statements)}


def identity(*statements: dict[str, Any], version: str | None = "2012-10-17") -> list[tuple[dict[str, Any], str]]:
    return [(policy(*statements, version=version), "identity")]


def call(action: str = "s3:GetObject", resource: str = KEY, context: Context | None = None) -> Call:
    return Call("AWS", ALICE, action, resource, context or {})


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([], NO, id="nothing is allowed by default"),
        pytest.param([ALLOW], YES, id="allow"),
        pytest.param([DENY, ALLOW], EXPLICIT, id="deny wins whatever the order"),
        pytest.param([DENY], EXPLICIT, id="deny alone"),
        pytest.param([ALLOW, DENY | {"Action": "s3:PutObject"}], YES, id="deny of something else"),
        pytest.param([ALLOW | {"Speling": 1}], UNCLEAR, id="unknown element"),
        pytest.param([ALLOW | {"Effect": "allow"}], UNCLEAR, id="effect is case-sensitive"),
        pytest.param([ALLOW, ALLOW | {"Effect": "Maybe"}], UNCLEAR, id="the unreadable statement may deny"),
        pytest.param([ALLOW | {"Effect": "Maybe", "Action": "s3:Put*"}], NO, id="unreadable but about something else"),
        pytest.param([ALLOW | {"Principal": "*"}], UNCLEAR, id="principal in an identity document"),
        pytest.param([ALLOW | {"NotAction": "s3:*"}], UNCLEAR, id="action and its complement"),
        pytest.param([{"Effect": "Allow", "Action": "*"}], UNCLEAR, id="no resource in an identity document"),
        pytest.param([ALLOW | {"Condition": {"Stringequals2": {"aws:x": "a"}}}], UNCLEAR, id="unknown operator"),
    ],
)
def test_statements_combine(statements: list[dict[str, Any]], expected: Verdict) -> None:
    assert decide(identity(*statements), call()) is expected


@pytest.mark.parametrize(
    ("patterns", "plain", "complement"),
    [
        ("s3:GetObject", YES, NO),
        ("S3:GETOBJECT", YES, NO),
        ("s3:*Obj?ct", YES, NO),
        ("s*:Get*", YES, NO),
        ("*:*", YES, NO),
        ("*", YES, NO),
        (["s3:Put*", "s3:Get*"], YES, NO),
        ("s3:Get", NO, YES),
        ("s3:GetObject,s3:PutObject", NO, YES),
        ("s3:GetObject ", NO, YES),
        ("s3:", NO, YES),
        ("s3*", NO, YES),
        ("", NO, YES),
        ([], UNCLEAR, UNCLEAR),
        ([7], UNCLEAR, UNCLEAR),
    ],
)
def test_actions(patterns: object, plain: Verdict, complement: Verdict) -> None:
    assert decide(identity({"Effect": "Allow", "Action": patterns, "Resource": "*"}), call()) is plain
    assert decide(identity({"Effect": "Allow", "NotAction": patterns, "Resource": "*"}), call()) is complement


@pytest.mark.parametrize(
    ("pattern", "resource", "plain", "complement"),
    [
        ("*", KEY, YES, NO),
        ("**", KEY, YES, NO),
        ("arn:aws:s3:::bucket/*", KEY, YES, NO),
        ("arn:aws:s3:::b*y", KEY, YES, NO),
        ("arn:aws:s3:::Bucket/*", KEY, NO, YES),
        ("arn:aws:s3:::bucket/ke?", KEY, YES, NO),
        ("arn:aws:s3", KEY, YES, NO),
        ("arn:aws:sqs", KEY, NO, YES),
        ("arn:aws:sns:*:topic", "arn:aws:sns:eu-west-1:111122223333:topic", UNCLEAR, UNCLEAR),
        ("arn:aws:sns:*:*:topic", "arn:aws:sns:eu-west-1:111122223333:topic", YES, NO),
        ("arn:aws:lambda:*:*:function:*", "arn:aws:lambda:eu-west-1:111122223333:function:f:live", YES, NO),
        ("*", "*", YES, NO),
        ("arn:*", "*", NO, YES),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::al*ce/x", YES, NO),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::alice/x", NO, YES),
        ("arn:aws:s3:::${AWS:UserName}/*", "arn:aws:s3:::al*ce/x", YES, NO),
        ("arn:aws:s3:::${aws:nothing}*", KEY, NO, YES),
        ("arn:aws:s3:::${aws:nothing, 'bucket'}/*", KEY, YES, NO),
        ("arn:aws:s3:::${aws:username, 'bucket'}/*", KEY, NO, YES),
        ("arn:aws:s3:::${aws:two}/*", KEY, UNCLEAR, UNCLEAR),
        ("arn:aws:s3:::${aws:bad", KEY, UNCLEAR, UNCLEAR),
        ("arn:aws:s3:::b${*}", KEY, NO, YES),
        ("arn:aws:s3:::b${*}", "arn:aws:s3:::b*", YES, NO),
        ("arn:aws:s3:::${$}{x}${?}", "arn:aws:s3:::${x}?", YES, NO),
        ("arn:aws:${aws:service}:::bucket/key", KEY, UNCLEAR, UNCLEAR),
    ],
)
def test_resources(pattern: str, resource: str, plain: Verdict, complement: Verdict) -> None:
    asked = call(resource=resource, context={"aws:username": "al*ce", "aws:two": ["a", "b"], "aws:service": "s3"})
    assert decide(identity({"Effect": "Allow", "Action": "*", "Resource": pattern}), asked) is plain
    assert decide(identity({"Effect": "Allow", "Action": "*", "NotResource": pattern}), asked) is complement


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_variables_are_text_before_2012(version: str | None) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:username}"}
    for resource, expected in [("arn:aws:s3:::${aws:username}", YES), ("arn:aws:s3:::alice", NO)]:
        asked = call(resource=resource, context={"aws:username": "alice"})
        assert decide(identity(statement, version=version), asked) is expected


def test_an_unknown_version_is_unclear() -> None:
    assert decide(identity(ALLOW, version="2024-01-01"), call()) is UNCLEAR


MISSING: list[str] = []


@pytest.mark.parametrize(
    ("operator", "written", "given", "expected"),
    [
        ("StringEquals", "a", "a", YES),
        ("StringEquals", ["b", "a"], "a", YES),
        ("StringEquals", "a", "A", NO),
        ("StringEquals", "a*", "ab", NO),
        ("StringEquals", "a", MISSING, NO),
        ("StringEquals", "a", ["a", "b"], UNCLEAR),
        ("StringEquals", ["a", {}], "a", UNCLEAR),
        ("StringEquals", [], "a", UNCLEAR),
        ("StringEquals", True, "true", YES),
        ("StringEquals", 12, "12", YES),
        ("StringEqualsIfExists", "a", MISSING, YES),
        ("StringEqualsIfExists", "a", "b", NO),
        ("StringNotEquals", ["a", "b"], "a", NO),
        ("StringNotEquals", ["a", "b"], "c", YES),
        ("StringNotEquals", "a", MISSING, YES),
        ("StringEqualsIgnoreCase", "aB", "Ab", YES),
        ("StringNotEqualsIgnoreCase", "aB", "Ab", NO),
        ("StringLike", "a*c?", "abbcd", YES),
        ("StringLike", "a${*}", "ab", NO),
        ("StringLike", "${aws:me}", "m*", YES),
        ("StringLike", "${aws:me}", "me", NO),
        ("StringLike", "${aws:none}", "x", NO),
        ("StringNotLike", "${aws:none}", "x", YES),
        ("StringNotLike", ["${aws:none}", "x"], "x", NO),
        ("StringLike", ["${aws:none}", "x"], "x", UNCLEAR),
        ("StringEquals", "${aws:none, 'x'}", "x", YES),
        ("StringNotLike", "a*", "b", YES),
        ("NumericEquals", "1.0", "1", YES),
        ("NumericNotEquals", 1, "1", NO),
        ("NumericLessThan", "10", "9", YES),
        ("NumericLessThanEquals", "10", "10", YES),
        ("NumericGreaterThan", "10", "10", NO),
        ("NumericGreaterThanEquals", "10", "10", YES),
        ("NumericLessThan", "ten", "9", UNCLEAR),
        ("NumericLessThan", "${aws:me}", "9", UNCLEAR),
        ("DateEquals", "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", YES),
        ("DateNotEquals", "2020-01-01", "2020-01-01T00:00:00Z", NO),
        ("DateLessThan", "2020-01-01T00:00:00Z", "1577836799", YES),
        ("DateLessThanEquals", "2020-01", "1577836800", YES),
        ("DateGreaterThan", "2020-01-01T00:00:00Z", "1577836801", YES),
        ("DateGreaterThanEquals", "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00Z", NO),
        ("DateGreaterThan", "yesterday", "2020-01-01T00:00:00Z", UNCLEAR),
        ("DateGreaterThan", "2020-13-01", "2020-01-01T00:00:00Z", UNCLEAR),
        ("Bool", "true", "true", YES),
        ("Bool", False, "true", NO),
        ("Bool", "false", MISSING, NO),
        ("Bool", "yes", "yes", UNCLEAR),
        ("BoolIfExists", "false", MISSING, YES),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", YES),
        ("BinaryEquals", "QmluYXJ5", "QmluYXI=", NO),
        ("BinaryEquals", "!", "QmluYXI=", UNCLEAR),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", YES),
        ("IpAddress", "10.9.9.9/8", "10.1.2.3", YES),
        ("IpAddress", "10.1.2.3", "10.1.2.3", YES),
        ("IpAddress", "10.0.0.0/8", "2001:db8::1", NO),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", YES),
        ("IpAddress", "10.0.0.0/33", "10.1.2.3", UNCLEAR),
        ("NotIpAddress", ["10.0.0.0/8", "11.0.0.0/8"], "11.1.2.3", NO),
        ("NotIpAddress", "10.0.0.0/8", MISSING, YES),
        ("ArnEquals", "arn:aws:iam::*:role/*", "arn:aws:iam::1:role/x/y", YES),
        ("ArnLike", "arn:aws:sns:*:topic", "arn:aws:sns:eu:1:topic", UNCLEAR),
        ("ArnLike", "arn:aws:s*:*:*", "arn:aws:sns:eu:1:topic", UNCLEAR),
        ("ArnLike", "arn:aws:sns:*:*:a:*", "arn:aws:sns:eu:1:a:b:c", YES),
        ("ArnLike", "arn:aws:iam::1:role/*", "not an arn", NO),
        ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::2:role/x", YES),
        ("ArnNotEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/x", NO),
        ("Null", "true", MISSING, YES),
        ("Null", "true", "a", NO),
        ("Null", False, "a", YES),
        ("Null", "false", MISSING, NO),
        ("Null", ["true", "false"], "a", UNCLEAR),
        ("Null", "false", "", UNCLEAR),
        ("NullIfExists", "false", "a", UNCLEAR),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], YES),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], NO),
        ("ForAllValues:StringEquals", ["a", "b"], MISSING, YES),
        ("ForAllValues:StringEquals", ["a", "b"], "", YES),
        ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"], NO),
        ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], YES),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "a"], YES),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c"], NO),
        ("ForAnyValue:StringEquals", "a", MISSING, NO),
        ("ForAnyValue:StringNotEquals", "a", MISSING, NO),
        ("ForAnyValue:StringNotEquals", "a", ["a", "b"], YES),
        ("ForAnyValue:StringNotEquals", "a", ["a"], NO),
    ],
)
def test_conditions(operator: str, written: object, given: str | list[str], expected: Verdict) -> None:
    statement = ALLOW | {"Condition": {operator: {"aws:RequestTag/Team": written}}}
    context: Context = {"aws:me": "m*"}
    if given is not MISSING:
        context["AWS:requesttag/team"] = given
    asked = call(context=context)
    assert decide(identity(statement), asked) is expected


def test_every_operator_and_every_key_must_hold() -> None:
    condition = {"StringEquals": {"aws:a": "1", "aws:b": "2"}, "Bool": {"aws:c": "true"}}
    full: Context = {"aws:a": "1", "aws:b": "2", "aws:c": "true"}
    assert decide(identity(ALLOW | {"Condition": condition}), call(context=full)) is YES
    for key in full:
        partial = {name: value for name, value in full.items() if name != key}
        assert decide(identity(ALLOW | {"Condition": condition}), call(context=partial)) is NO


@pytest.mark.parametrize("condition", [[], {"StringEquals": "a"}, {"ForSome:StringEquals": {"aws:a": "b"}}], ids=str)
def test_misshapen_conditions_are_unclear(condition: object) -> None:
    assert decide(identity(ALLOW | {"Condition": condition}), call()) is UNCLEAR


USERS = {
    "alice": ("AWS", ALICE),
    "session": ("AWS", SESSION),
    "stranger": ("AWS", "arn:aws:iam::999999999999:user/alice"),
    "service": ("Service", "lambda.amazonaws.com"),
    "web": ("Federated", "accounts.google.com"),
    "anonymous": ("anonymous", ""),
}


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        ("*", USERS.keys()),
        ({"AWS": "*"}, USERS.keys()),
        ({"AWS": ACCOUNT}, {"alice", "session"}),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {"alice", "session"}),
        ({"AWS": ALICE}, {"alice"}),
        ({"AWS": [ALICE, SESSION]}, {"alice", "session"}),
        ({"AWS": ROLE}, {"session"}),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/run"}, set()),
        ({"Service": "lambda.amazonaws.com"}, {"service"}),
        ({"Service": "ec2.amazonaws.com", "Federated": "accounts.google.com"}, {"web"}),
        ({"CanonicalUser": "0" * 64}, set()),
        (None, set()),
    ],
    # A set is written in another order by every process.
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else str(value),
)
def test_principals(principal: object, allowed: set[str]) -> None:
    statement = {"Effect": "Allow", "Action": "*"} | ({} if principal is None else {"Principal": principal})
    documents = [(policy(statement), "resource")]
    found = {
        name for name, (kind, who) in USERS.items() if decide(documents, Call(kind, who, "s3:GetObject", KEY)) is YES
    }
    assert found == set(allowed)


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"},
        {"AWS": "AIDAEXAMPLE"},
        {"Nobody": "x"},
        {"AWS": [7]},
        {},
        "alice",
    ],
    ids=str,
)
def test_principals_that_aws_would_not_store_are_unclear(principal: object) -> None:
    documents = [(policy({"Effect": "Allow", "Action": "*", "Principal": principal}), "resource")]
    assert decide(documents, call()) is UNCLEAR


@pytest.mark.parametrize(
    ("effect", "names", "expected"),
    [
        ("Allow", {"AWS": ALICE}, {"alice": NO, "session": YES, "stranger": YES, "anonymous": YES, "service": YES}),
        ("Deny", {"AWS": ALICE}, {"alice": UNCLEAR, "session": EXPLICIT, "anonymous": EXPLICIT}),
        ("Deny", {"AWS": [ALICE, ACCOUNT]}, {"alice": YES, "session": UNCLEAR, "stranger": EXPLICIT}),
        ("Deny", {"AWS": [SESSION, ROLE, f"arn:aws:iam::{ACCOUNT}:root"]}, {"alice": UNCLEAR, "session": YES}),
        ("Deny", {"AWS": [SESSION, f"arn:aws:iam::{ACCOUNT}:root"]}, {"session": YES}),
        ("Deny", {"AWS": [ROLE, f"arn:aws:iam::{ACCOUNT}:root"]}, {"session": UNCLEAR}),
        ("Deny", {"Service": "lambda.amazonaws.com"}, {"service": YES, "alice": EXPLICIT}),
    ],
)
def test_not_principal(effect: str, names: object, expected: dict[str, Verdict]) -> None:
    everyone = {"Effect": "Allow", "Action": "*", "Principal": "*"}
    statements: list[dict[str, Any]] = [{"Effect": effect, "Action": "*", "NotPrincipal": names}]
    statements += [everyone] if effect == "Deny" else []
    found = {
        name: decide([(policy(*statements), "resource")], Call(*USERS[name], "s3:GetObject", KEY)) for name in expected
    }
    assert found == expected


@pytest.mark.parametrize(
    ("principal", "action", "who", "expected"),
    [
        ({"AWS": ALICE}, "sts:AssumeRole", "alice", YES),
        ({"AWS": ALICE}, "s3:GetObject", "alice", NO),
        ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole", "service", YES),
        ({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity", "web", YES),
        ({"Federated": "accounts.google.com"}, "sts:AssumeRole", "web", NO),
        ("*", "sts:AssumeRoleWithWebIdentity", "alice", NO),
    ],
)
def test_trust_documents(principal: object, action: str, who: str, expected: Verdict) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Principal": principal}
    assert decide([(policy(statement), "trust")], Call(*USERS[who], action, KEY)) is expected


@pytest.mark.parametrize(
    "more", [{"Resource": "*"}, {"Principal": None, "NotPrincipal": {"AWS": ALICE}}], ids=["resource", "not principal"]
)
def test_trust_documents_that_aws_would_not_store_are_unclear(more: dict[str, object]) -> None:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}} | more
    statement = {name: value for name, value in statement.items() if value is not None}
    assert decide([(policy(statement), "trust")], Call("AWS", SESSION, "sts:AssumeRole", ROLE)) is UNCLEAR


def test_layers() -> None:
    wide, narrow = policy(ALLOW | {"Action": "*"}), policy(ALLOW)
    broken = policy(ALLOW | {"Action": 1})
    guard = (policy(DENY), "identity")
    one, two, unreadable = [(wide, "identity")], [(narrow, "identity")], [(broken, "identity")]
    put = call("s3:PutObject")
    assert decide_layers([[one, two]], [], call()) is YES
    assert decide_layers([[one, two]], [], put) is NO
    assert decide_layers([[one, two], [one]], [], put) is YES
    assert decide_layers([[one + two]], [], put) is YES
    assert decide_layers([[one]], [guard], call()) is EXPLICIT
    assert decide_layers([[one, unreadable]], [], call()) is UNCLEAR
    assert decide_layers([[unreadable, two]], [], put) is NO
    assert decide_layers([], [], call()) is NO
