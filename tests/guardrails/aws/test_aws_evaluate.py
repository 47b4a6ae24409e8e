"""The concrete evaluator: operators, missing keys, principals, resources, verdicts."""

from __future__ import annotations

import pytest

from policypack.guardrails.aws import network
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import ANONYMOUS, Principal, Request, Verdict, evaluate
from policypack.guardrails.values import UNKNOWN

USER = Principal("AWS", "arn:aws:iam::111111111111:user/alice")
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
YES, NO, MAYBE = Verdict.ALLOWED, Verdict.IMPLICITLY_DENIED, Verdict.UNDECIDED


def identity(*statements: object, version: str = "2012-10-17") -> Document:
    return parse({"Version": version, "Statement": list(statements)}, Kind.IDENTITY)


def verdict(
    document: Document,
    principal: Principal = USER,
    action: str = "s3:GetObject",
    resource: str = "arn:aws:s3:::b/k",
    **context: object,
) -> Verdict:
    return evaluate([document], Request(principal, action, resource, context.get("context", {}))).verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("StringEquals", "a*", "ab", NO),
        ("StringEquals", "a*", "a*", YES),
        ("StringEquals", ["x", "a"], "a", YES),
        ("StringEquals", "a", "A", NO),
        ("StringEquals", "a", None, NO),
        ("StringEqualsIfExists", "a", None, YES),
        ("StringEqualsIfExists", "a", "b", NO),
        ("StringEqualsIgnoreCase", "a", "A", YES),
        ("StringNotEquals", ["a", "b"], "b", NO),
        ("StringNotEquals", ["a", "b"], "c", YES),
        ("StringNotEquals", "a", None, YES),
        ("StringNotEqualsIgnoreCase", "a", "A", NO),
        ("StringLike", "a?c*", "abcd", YES),
        ("StringLike", "a?c*", "ac", NO),
        ("StringNotLike", "a*", "ab", NO),
        ("ArnLike", "arn:aws:iam::*:role/x", "arn:aws:iam::1:role/x", YES),
        ("ArnEquals", "arn:aws:iam::*:role/x", "arn:aws:iam::1:role/x", YES),
        ("ArnLike", "arn:aws:*:x", "arn:aws:sns:r:1:x", NO),
        ("ArnNotLike", "arn:aws:iam::1:*", "arn:aws:iam::2:role/x", YES),
        ("NumericLessThan", "5", "4", YES),
        ("NumericLessThan", "5", "5", NO),
        ("NumericLessThanEquals", 5, "5.0", YES),
        ("NumericGreaterThan", "5", "6", YES),
        ("NumericGreaterThanEquals", "5", "4", NO),
        ("NumericEquals", "5", "x", NO),
        ("NumericNotEquals", "5", "6", YES),
        ("NumericEquals", "five", "5", MAYBE),
        ("DateGreaterThan", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", YES),
        ("DateLessThan", "2020-01-01", "2021-01-01T00:00:00Z", NO),
        ("DateEquals", "2020-01-01T00:00:00+00:00", "1577836800", YES),
        ("DateNotEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", NO),
        ("DateLessThanEquals", "soon", "2020-01-01T00:00:00Z", MAYBE),
        ("Bool", "true", "True", YES),
        ("Bool", True, "false", NO),
        ("Bool", "true", None, NO),
        ("BoolIfExists", "true", None, YES),
        ("BinaryEquals", "QUJD", "QUJD", YES),
        ("BinaryEquals", "QUJD", "QUJE", NO),
        ("BinaryEquals", "?", "QUJD", MAYBE),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", YES),
        ("IpAddress", "0.0.0.0/0", "8.8.8.8", YES),
        ("IpAddress", "0.0.0.0/0", "::1", NO),
        ("IpAddress", "2001:db8::/32", "2001:db8:1::1", YES),
        ("IpAddress", "10.0.0.0/33", "10.1.2.3", MAYBE),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", NO),
        ("NotIpAddress", "10.0.0.0/8", None, YES),
        ("Null", "true", None, YES),
        ("Null", "true", "x", NO),
        ("Null", "false", "x", YES),
        ("Null", ["true", "false"], "x", MAYBE),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), YES),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), NO),
        ("ForAllValues:StringEquals", "a", None, YES),
        ("ForAllValues:StringEquals", "a", (), YES),
        ("ForAnyValue:StringEquals", "a", ("c", "a"), YES),
        ("ForAnyValue:StringEquals", "a", None, NO),
        ("ForAnyValue:StringNotEquals", "a", None, NO),
        ("ForAnyValue:StringNotEquals", "a", ("a", "b"), YES),
        ("StringEquals", "a", ("a", "b"), MAYBE),
        ("StringEquals", "a", ("a",), YES),
        ("StringMatches", "a", "a", MAYBE),
        ("StringEquals", UNKNOWN, "a", MAYBE),
        ("StringNotEquals", ["a", UNKNOWN], "a", NO),
        ("StringEquals", ["a", UNKNOWN], "a", YES),
        ("IpAddress", "standin0c0123456789abcdef", "10.0.0.1", MAYBE),
        ("StringEquals", "standin0c0123456789abcdef", "x", NO),
        ("StringEquals", [], "a", MAYBE),
        ("StringEquals", [], None, NO),
        ("StringNotEquals", [], "a", YES),
        ("ForAllValues:StringEquals", [], "a", NO),
        ("ForAllValues:StringEquals", [], None, YES),
        ("ForAnyValue:StringEquals", [], "a", NO),
        ("ForAllValues:StringEquals", "a", "", MAYBE),
        ("ForAllValues:StringEquals", "", "", YES),
        ("ForAnyValue:StringEquals", "", "", MAYBE),
        ("ForAnyValue:StringEquals", "a", ("", ""), NO),
        ("ForAnyValue:StringEquals", "a", ("", "a"), YES),
        ("ForAnyValue:StringEqualsIfExists", "a", None, YES),
        ("Bool", "yes", "yes", MAYBE),
        ("Bool", "${aws:x}", "true", MAYBE),
        ("NumericEquals", "5", "1_0", NO),
        ("NumericEquals", "1_0", "10", MAYBE),
        ("DateEquals", "2020-01", "2020-01-01T00:00:00Z", YES),
        ("DateLessThan", "2020", "1577836799", YES),
        ("DateEquals", "2020-01-01T01:00:00+01:00", "1577836800", YES),
        ("IpAddress", "10.1.2.3", "10.1.2.3", YES),
        ("IpAddress", "10.1.2.3", "10.1.2.4", NO),
        ("IpAddress", "2001:db8::1", "2001:db8:0:0::1", YES),
        ("IpAddress", "2001:db8::1", "2001:db8::2", NO),
        ("IpAddress", " 10.1.2.3", "10.1.2.3", MAYBE),
        ("BinaryEquals", "QUJD", "QUI=", NO),
    ],
)  # fmt: skip
def test_operators(operator: str, wanted: object, given: str | tuple[str, ...] | None, expected: Verdict) -> None:
    document = identity({**ALLOW, "Condition": {operator: {"Some:Key": wanted}}})
    assert verdict(document, context={} if given is None else {"some:KEY": given}) is expected


@pytest.mark.parametrize(
    ("version", "value", "context", "expected"),
    [
        ("2012-10-17", "${aws:username}", {"k": "alice", "aws:UserName": "alice"}, YES),
        ("2012-10-17", "${aws:username}", {"k": "bob", "aws:username": "alice"}, NO),
        ("2012-10-17", "${aws:username}", {"k": "alice"}, NO),
        ("2012-10-17", "${aws:username, 'alice'}", {"k": "alice"}, YES),
        ("2012-10-17", "${aws:username}", {"k": "alice", "aws:username": "*"}, NO),
        ("2012-10-17", "a${*}", {"k": "a*"}, YES),
        ("2012-10-17", "a${*}", {"k": "ab"}, NO),
        ("2008-10-17", "${aws:username}", {"k": "alice", "aws:username": "alice"}, NO),
        ("2008-10-17", "${aws:username}", {"k": "${aws:username}"}, YES),
        ("2012-10-17", "${aws:PrincipalTag/Team}", {"k": "red", "AWS:principaltag/TEAM": "red"}, YES),
        ("2012-10-17", "${aws:PrincipalTag/Team}", {"k": "red", "aws:PrincipalTag/Other": "red"}, NO),
        ("2012-10-17", "${aws:TagKeys}", {"k": "a", "aws:TagKeys": ("a", "b")}, NO),
        ("2012-10-17", "${aws:TagKeys}", {"k": "a", "aws:TagKeys": ("a",)}, YES),
        ("2012-10-17", ["${aws:username}", "bob"], {"k": "bob", "aws:username": "alice"}, YES),
        ("2012-10-17", ["${aws:username}", "bob"], {"k": "bob"}, MAYBE),
        ("2012-10-17", ["bob", "${aws:username}"], {"k": "bob"}, MAYBE),
        ("2012-10-17", ["bob", "${aws:username}"], {"k": "alice"}, NO),
    ],
)
def test_variables(version: str, value: object, context: dict[str, str], expected: Verdict) -> None:
    document = identity({**ALLOW, "Condition": {"StringLike": {"k": value}}}, version=version)
    assert verdict(document, context=context) is expected


@pytest.mark.parametrize("values", [["${aws:username}", "b"], ["b", "${aws:username}"]])
def test_a_negated_operator_holds_on_a_variable_without_value(values: list[str]) -> None:
    document = identity({**ALLOW, "Condition": {"StringNotEquals": {"k": values}}})
    assert verdict(document, context={"k": "a"}) is YES
    assert verdict(document, context={"k": "b"}) is NO
    assert verdict(document, context={"k": "a", "aws:username": "a"}) is NO


def test_a_deny_vanishes_when_its_variable_has_no_value() -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}"}
    document = identity(ALLOW, deny)
    assert (
        verdict(document, resource="arn:aws:s3:::b/alice", context={"aws:username": "alice"})
        is Verdict.EXPLICITLY_DENIED
    )
    assert verdict(document, resource="arn:aws:s3:::b/alice") is YES


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"NotAction": "s3:PutObject"}, YES),
        ({"NotAction": "S3:GET*"}, NO),
        ({"NotAction": "s3:GetObject,s3:b"}, YES),
        ({"Action": "s3:GetObject,s3:b"}, NO),
        ({"Action": "s3:GetObject "}, NO),
        ({"Action": ["", "S3:G?tObject"]}, YES),
        ({"Action": "*:GetObject"}, YES),
        ({"Action": UNKNOWN}, MAYBE),
        ({"Action": ["s3:*", UNKNOWN]}, YES),
        ({"NotAction": UNKNOWN}, MAYBE),
        ({"Action": "*", "NotResource": "arn:aws:s3:::b/*"}, NO),
        ({"Action": "*", "NotResource": "arn:aws:s3:::c/*"}, YES),
        ({"Action": "*", "Resource": UNKNOWN}, MAYBE),
        ({"Action": "*", "Resource": "*", "NotResource": "arn:aws:s3:::b/*"}, MAYBE),
        ({"Action": "*"}, NO),
    ],
)
def test_actions_and_resources(statement: dict[str, object], expected: Verdict) -> None:
    with_resource = (
        statement
        if {"Resource", "NotResource"} & set(statement)
        or (list(statement) == ["Action"] and statement["Action"] == "*")
        else {**statement, "Resource": "*"}
    )
    assert verdict(identity({"Effect": "Allow", **with_resource})) is expected


SESSION = Principal("AWS", "arn:aws:sts::111111111111:assumed-role/app/run")


@pytest.mark.parametrize(
    ("element", "principal", "expected"),
    [
        ({"Principal": "*"}, ANONYMOUS, YES),
        ({"Principal": {"AWS": "*"}}, ANONYMOUS, YES),
        ({"Principal": {"AWS": "111111111111"}}, USER, YES),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:root"}}, USER, YES),
        ({"Principal": {"AWS": "arn:aws:iam::222222222222:root"}}, USER, NO),
        ({"Principal": {"AWS": USER.name}}, USER, YES),
        ({"Principal": {"AWS": USER.name}}, ANONYMOUS, NO),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:role/path/app"}}, SESSION, YES),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:role/other"}}, SESSION, NO),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:user/*"}}, USER, MAYBE),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, Principal("Service", "ec2.amazonaws.com"), YES),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, USER, NO),
        ({"Principal": {"CanonicalUser": "79a5"}}, Principal("CanonicalUser", "79a5"), YES),
        ({"Principal": {"AWS": UNKNOWN}}, USER, MAYBE),
        ({"Principal": {"Service": UNKNOWN}}, USER, NO),
        ({"NotPrincipal": {"AWS": USER.name}}, USER, NO),
        ({"NotPrincipal": {"AWS": USER.name}}, ANONYMOUS, YES),
        ({"Principal": []}, USER, MAYBE),
        ({}, USER, NO),
    ],
)
def test_principals(element: dict[str, object], principal: Principal, expected: Verdict) -> None:
    document = parse({"Version": "2012-10-17", "Statement": [{**ALLOW, **element}]}, Kind.RESOURCE)
    assert verdict(document, principal) is expected


@pytest.mark.parametrize(
    ("exempt", "expected"),
    [
        (["arn:aws:iam::111111111111:root", USER.name], YES),
        ([USER.name], MAYBE),
        (["arn:aws:iam::222222222222:root"], Verdict.EXPLICITLY_DENIED),
    ],
)
def test_a_deny_spares_whom_it_names_with_the_account(exempt: list[str], expected: Verdict) -> None:
    deny = {**ALLOW, "Effect": "Deny", "NotPrincipal": {"AWS": exempt}}
    document = parse({"Version": "2012-10-17", "Statement": [{**ALLOW, "Principal": "*"}, deny]}, Kind.RESOURCE)
    assert verdict(document, USER) is expected


@pytest.mark.parametrize(
    ("kind", "action", "expected"),
    [
        ("Federated", "sts:AssumeRoleWithWebIdentity", YES),
        ("Federated", "sts:AssumeRole", NO),
        ("Federated", "sts:TagSession", YES),
        ("AWS", "sts:AssumeRoleWithWebIdentity", NO),
        ("AWS", "sts:AssumeRole", YES),
    ],
)
def test_trust_needs_the_action_of_its_kind_of_caller(kind: str, action: str, expected: Verdict) -> None:
    trust = {"Effect": "Allow", "Principal": {kind: "x"}, "Action": "sts:*"}
    document = parse({"Version": "2012-10-17", "Statement": trust}, Kind.TRUST)
    assert verdict(document, Principal(kind, "x"), action) is expected


def test_verdicts() -> None:
    deny = {**ALLOW, "Effect": "Deny"}
    unread = {**ALLOW, "Effect": "Deny", "Action": UNKNOWN}
    assert verdict(identity(ALLOW, deny)) is Verdict.EXPLICITLY_DENIED
    assert verdict(identity(deny)) is Verdict.EXPLICITLY_DENIED
    assert verdict(identity(unread)) is NO
    assert verdict(identity(unread, deny, ALLOW)) is Verdict.EXPLICITLY_DENIED
    decision = evaluate([identity(ALLOW, unread)], Request(USER, "s3:GetObject", "*"))
    assert (decision.verdict, decision.path) == (MAYBE, "Statement[1].Action")
    assert verdict(identity({**ALLOW, "Effect": UNKNOWN})) is MAYBE
    assert verdict(identity({**ALLOW, "Effect": UNKNOWN}, ALLOW)) is YES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.1", (4, 167772161, 167772161)),
        ("10.9.9.9/8", (4, 167772160, 184549375)),
        ("::/0", (6, 0, 2**128 - 1)),
        ("::ffff:1.2.3.4", (6, 0xFFFF01020304, 0xFFFF01020304)),
        ("2001:db8::1/128", (6, 0x20010DB8 << 96 | 1, 0x20010DB8 << 96 | 1)),
        ("1.2.3", None),
        ("256.0.0.1", None),
        ("1::2::3", None),
        ("1:2:3:4:5:6:7:8:9", None),
        ("10.0.0.0/x", None),
        ("", None),
    ],
)
def test_blocks(text: str, expected: tuple[int, int, int] | None) -> None:
    assert network.block(text) == expected


def test_blocks_agree_with_the_standard_library() -> None:
    import ipaddress

    for text in ("8.8.8.0/24", "fe80::/10", "2001:db8:0:1::/64", "0.0.0.0/0", "1.2.3.4/31"):
        expected = ipaddress.ip_network(text)
        found = network.block(text)
        assert found is not None
        assert (found.low, found.high) == (int(expected[0]), int(expected[-1]))
        assert ipaddress.ip_address(network.written(found.version, found.low)) == expected[0]
