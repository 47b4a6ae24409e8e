"""What S3 means by a public policy: each key that may fix who is let in, and each way in which a value is not fixed."""

from typing import Any

import pytest

from policypack.guardrails.aws.answers import No, Undecided
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.fixed_values import FIXED_KEYS, Public, open_by_definition
from policypack.guardrails.values import UNKNOWN
from tests.support.rule_tables import COMPUTED

ACCOUNT = "213098465721"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
VERSIONED = "2012-10-17"
# A fixed value of each key.
VALUES = {
    "aws:PrincipalArn": ROLE,
    "aws:PrincipalAccount": ACCOUNT,
    "aws:PrincipalOrgID": "o-a1b2c3d4e5",
    "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
    "aws:PrincipalServiceName": "cloudtrail.amazonaws.com",
    "aws:PrincipalServiceNamesList": "cloudtrail.amazonaws.com",
    "aws:SourceArn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:jobs",
    "aws:SourceVpc": "vpc-0a1b2c3d",
    "aws:SourceVpce": "vpce-0a1b2c3d",
    "aws:SourceOwner": ACCOUNT,
    "aws:SourceAccount": ACCOUNT,
    "aws:userid": "AIDAEXAMPLEID",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k",
    "s3:DataAccessPointArn": f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint/reports",
    "s3:DataAccessPointAccount": ACCOUNT,
}


def allow(principal: object = "*", /, version: object = VERSIONED, **condition: object) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}
    return {"Version": version, "Statement": [{**statement, "Condition": condition} if condition else statement]}


def answer(document: object) -> Public | Undecided | No:
    return open_by_definition(parse(document, Kind.RESOURCE))


def reason(document: object) -> str:
    found = answer(document)
    assert isinstance(found, Public)
    assert (found.statement, found.path.rpartition(".")[0]) == ("Statement[0]", "Statement[0]")
    return found.reason


def test_each_key_of_the_definition_is_tried() -> None:
    assert {each.lower() for each in VALUES} | {"aws:sourceip"} == FIXED_KEYS


@pytest.mark.parametrize(("key", "value"), VALUES.items(), ids=VALUES)
def test_fixed_value_of_the_key_limits(key, value) -> None:
    assert answer(allow(StringEquals={key: value})) == No()
    assert answer(allow(StringLike={key.upper(): [value, value]})) == No()
    assert answer(allow(StringEquals={key: f"{value}{COMPUTED}"})) == No()


@pytest.mark.parametrize(("key", "value"), VALUES.items(), ids=VALUES)
def test_wildcard_in_the_value_does_not(key, value) -> None:
    assert "has a wildcard" in reason(allow(StringLike={key: f"{value[:3]}*"}))
    assert "has a wildcard" in reason(allow(StringLike={key: [value, f"{value[:-1]}?*" if "Arn" not in key else "*"]}))


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": ROLE},
        {"AWS": [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"]},
        {"Service": "cloudtrail.amazonaws.com"},
        {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
        {"Federated": "accounts.google.com"},
    ],
    ids=["role", "accounts", "service", "canonical-user", "provider"],
)
def test_principal_that_is_written_out_limits(principal) -> None:
    assert answer(allow(principal)) == No()


@pytest.mark.parametrize(
    "principal",
    ["*", {"AWS": "*"}, {"AWS": [ROLE, "*"]}, {"Service": "*"}, {"AWS": ROLE, "Federated": "graph.facebook.com"}],
    ids=["star", "aws-star", "one-of-two", "any-service", "facebook"],
)
def test_principal_that_is_nobody_in_particular_does_not(principal) -> None:
    assert reason(allow(principal))


def test_everybody_with_a_token_of_facebook_is_said() -> None:
    assert "graph.facebook.com" in reason(allow({"Federated": "graph.facebook.com"}))


def test_not_principal_does_not_limit() -> None:
    (statement,) = allow()["Statement"]
    statement["NotPrincipal"] = {"AWS": statement.pop("Principal") and ROLE}
    assert "NotPrincipal" in reason({"Version": VERSIONED, "Statement": [statement]})


UNSOUND = {
    "if-exists": ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, "requests without aws:SourceVpce"),
    "for-all-values": ({"ForAllValues:StringEquals": {"aws:SourceVpce": "vpce-1"}}, "requests without aws:SourceVpce"),
    "negated": ({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, "every other value"),
    "not-from": ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, "every other value"),
    "presence": ({"Null": {"aws:SourceVpce": "false"}}, "nobody in particular"),
    "variable": ({"StringEquals": {"aws:userid": "${aws:username}"}}, "a policy variable"),
    "variable-with-default": ({"StringEquals": {"aws:userid": "${aws:username, 'x'}"}}, "a policy variable"),
    "session-of-any-name": ({"StringLike": {"aws:userid": "AROAEXAMPLEID:*"}}, "a wildcard"),
    "another-key": ({"StringEquals": {"aws:Referer": "https://example.com"}}, "aws:Referer is no key that counts"),
    "service-call": ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, "no key that counts"),
}


@pytest.mark.parametrize(("condition", "said"), UNSOUND.values(), ids=UNSOUND)
def test_condition_that_fixes_nothing_is_named(condition, said) -> None:
    assert said in reason(allow(**condition))


def test_for_all_values_of_a_key_that_must_be_there_limits() -> None:
    fixed = {"ForAllValues:StringEquals": {"aws:SourceVpce": "vpce-1"}, "Null": {"aws:SourceVpce": "false"}}
    assert answer(allow(**fixed)) == No()
    assert answer(allow(**{"ForAnyValue:StringEquals": {"aws:SourceVpce": "vpce-1"}})) == No()


RANGES: dict[str, tuple[list[str], bool]] = {
    "address": (["203.0.113.7"], False),
    "/8": (["8.0.0.0/8"], False),
    "/7": (["8.0.0.0/7"], True),
    "two /9 that make a /8": (["8.0.0.0/9", "8.128.0.0/9"], False),
    "three /9": (["8.0.0.0/9", "8.128.0.0/9", "9.0.0.0/9"], True),
    "the same /8 twice": (["8.0.0.0/8", "8.0.0.0/9"], False),
    "two /1": (["0.0.0.0/1", "128.0.0.0/1"], True),
    "everything": (["0.0.0.0/0"], True),
    "IPv6 /32": (["2001:db8::/32"], False),
    "IPv6 /31": (["2001:db8::/31"], True),
    "all of IPv6": (["::/0"], True),
    "private": (["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], False),
    "private and a /8": (["10.0.0.0/8", "8.0.0.0/8"], False),
}


@pytest.mark.parametrize(("ranges", "public"), RANGES.values(), ids=RANGES)
def test_addresses_are_counted_together(ranges, public) -> None:
    assert isinstance(answer(allow(IpAddress={"aws:SourceIp": ranges})), Public) == public


def test_access_points_may_have_any_name_in_a_fixed_account() -> None:
    def point(text: str) -> Public | Undecided | No:
        return answer(allow(StringLike={"s3:DataAccessPointArn": text}))

    assert point(f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint/*") == No()
    assert isinstance(point("arn:aws:s3:eu-west-1:*:accesspoint/reports"), Public)
    assert isinstance(point(f"arn:aws:s3:*:{ACCOUNT}:accesspoint/*"), Public)
    assert isinstance(point("*"), Public)


def test_what_is_no_wildcard_and_no_variable_is_fixed() -> None:
    assert answer(allow(StringEquals={"aws:SourceVpce": "vpce-*"})) == No()
    assert answer(allow(StringLike={"aws:userid": "AIDA${*}"})) == No()
    assert answer(allow(version="2008-10-17", StringEquals={"aws:userid": "${aws:username}"})) == No()


def test_one_limit_is_enough_and_one_statement_without_is_too() -> None:
    limited = allow(StringEquals={"aws:SourceVpce": "vpce-1"}, StringLike={"aws:Referer": "*"})
    assert answer(limited) == No()
    both = {"Version": VERSIONED, "Statement": [*limited["Statement"], *allow()["Statement"]]}
    found = answer(both)
    assert isinstance(found, Public)
    assert found.statement == "Statement[1]"


def test_deny_is_no_part_of_the_definition() -> None:
    (statement,) = allow()["Statement"]
    covered = {"Version": VERSIONED, "Statement": [statement, {**statement, "Effect": "Deny"}]}
    assert isinstance(answer(covered), Public)
    assert answer({"Version": VERSIONED, "Statement": covered["Statement"][1:]}) == No()


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (UNKNOWN, ""),
        (allow(UNKNOWN), "Statement[0].Principal"),
        (allow(StringEquals={"aws:SourceVpce": UNKNOWN}), 'Statement[0].Condition.StringEquals["aws:SourceVpce"]'),
        (allow(IpAddress={"aws:SourceIp": ["203.0.113.7", UNKNOWN]}), 'Statement[0].Condition.IpAddress["aws:SourceIp"][1]'),
        (allow(version=UNKNOWN, StringEquals={"aws:userid": "${aws:username}"}), "Statement[0]"),
        (allow(StringEquals={"aws:SourceVpce": []}), "Statement[0]"),
    ],
    ids=["document", "principal", "value", "one-range", "version", "no-value"],
)  # fmt: skip
def test_what_cannot_be_read_decides_nothing(document, path) -> None:
    found = answer(document)
    assert isinstance(found, Undecided)
    assert found.path == path


def test_unknown_value_beside_one_that_is_not_fixed_does_not_matter() -> None:
    assert isinstance(answer(allow(StringLike={"aws:SourceVpce": [UNKNOWN, "*"]})), Public)
