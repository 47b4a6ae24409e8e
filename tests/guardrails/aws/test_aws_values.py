"""Texts of policies: numbers, dates, booleans, addresses, base64, variables; what AWS rejects in them."""

from __future__ import annotations

import pytest

from policypack.guardrails.aws import network
from policypack.guardrails.aws.conditions import decoded_bytes, moment, number
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.values import UNKNOWN

ANY = "standin0x0123456789abcdef"
COMPUTED = "standin0c0123456789abcdef"
PLACE = 'Statement.Condition.{}["some:key"]'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", 10.0), ("-1.5", -1.5), ("+3", 3.0), (".5", 0.5), ("1e3", 1000.0), ("5.", 5.0),
        ("", None), ("1_000", None), (" 5", None), ("nan", None), ("inf", None), ("0x10", None), ("٣", None), ("1e", None),
    ],
)  # fmt: skip
def test_numbers(text: str, expected: float | None) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020", 1577836800), ("2020-01", 1577836800), ("2020-01-01", 1577836800), ("2020-01-01T00:00Z", 1577836800),
        ("2020-01-01T00:00:00Z", 1577836800), ("2020-01-01T00:00:00.250Z", 1577836800.25),
        ("2020-01-01T02:00:00+02:00", 1577836800), ("2019-12-31T23:30:00-00:30", 1577836800), ("2020-01-01T00:00:00", 1577836800),
        ("1577836800", 1577836800), ("0", 0), ("20200101", 20200101),
        ("soon", None), ("", None), ("2020-13-01", None), ("2020-02-30", None), ("2020-W01", None), ("2020-01-01 00:00:00", None),
        ("2020-1-1", None), ("01/01/2020", None), ("2020-01-01T25:00:00Z", None), ("0000-01-01", None),
    ],
)  # fmt: skip
def test_moments(text: str, expected: float | None) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("QUJD", b"ABC"), ("", b""), ("QUI=", b"AB"), ("QUI", None), ("Q!JD", None), ("ü", None)]
)
def test_base64(text: str, expected: bytes | None) -> None:
    assert decoded_bytes(text) == expected


@pytest.mark.parametrize(
    ("text", "size"),
    [("10.0.0.1", 1), ("10.0.0.1/32", 1), ("10.0.0.1/8", 1 << 24), ("0.0.0.0/0", 1 << 32), ("2001:DB8::1", 1),
     ("2001:db8::/32", 1 << 96), ("::/0", 1 << 128), (" 10.0.0.1", None), ("10.0.0.010", None), ("10.0.0.0/", None),
     ("10.0.0.0/33", None), ("10.0.0", None), ("10.0.0.*", None), ("fe80::1%eth0", None), ("0.0.0.0", 1)],
)  # fmt: skip
def test_sizes_of_blocks(text: str, size: int | None) -> None:
    found = network.block(text)
    assert (None if found is None else found.high - found.low + 1) == size


def problems(source: dict[str, object], version: object = "2012-10-17") -> list[tuple[str, str]]:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", **source}
    document = parse({"Version": version, "Statement": statement}, Kind.IDENTITY)
    return [(each.path, each.message) for each in document.problems]


@pytest.mark.parametrize(
    ("operator", "value", "words"),
    [
        ("Bool", "yes", "boolean"),
        ("BoolIfExists", ["true", "false"], "restricts nothing"),
        ("Null", "TRUE ", "boolean"),
        ("Null", ["true", "False"], "contradicts"),
        ("NumericLessThan", "ten", "number"),
        ("ForAnyValue:NumericEquals", "1,5", "number"),
        ("DateGreaterThan", "tomorrow", "date"),
        ("DateGreaterThan", "2026-02-30", "date"),
        ("IpAddress", "10.0.0.0/33", "CIDR"),
        ("NotIpAddressIfExists", "10.0.0.*", "CIDR"),
        ("IpAddress", "${aws:SourceIp}", "string and ARN operators only"),
        ("NumericEquals", "${aws:x}", "string and ARN operators only"),
        ("BinaryEquals", "a", "base64"),
        ("ArnLike", "my-topic", "ARN"),
        ("ArnEquals", "", "ARN"),
        ("StringEquals", [], "empty"),
    ],
    ids=str,
)
def test_a_malformed_value_is_a_problem_at_its_place(operator: str, value: object, words: str) -> None:
    ((path, message),) = problems({"Condition": {operator: {"some:key": value}}})
    assert path == PLACE.format(operator)
    assert words in message


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("Bool", True),
        ("Bool", "False"),
        ("ForAllValues:Bool", ["true", "false"]),
        ("Null", False),
        ("NumericLessThan", 10),
        ("NumericLessThan", "1.5"),
        ("NumericLessThan", 99999999999999999999),
        ("DateGreaterThan", ["2026-01-01T00:00:00Z", "1767225600", 1767225600]),
        ("IpAddress", ["10.0.0.1", "10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"]),
        ("BinaryEquals", "QUJD"),
        ("ArnLike", ["arn:aws:sns:*:*:x", "*", "${aws:PrincipalArn}"]),
        ("StringEquals", ["", "*", "a b", "$", "{x}", "$x"]),
        ("ForAnyValue:StringLike", ["a*", "${aws:username}"]),
        ("NumericEquals", COMPUTED),
        ("IpAddress", [COMPUTED, ANY, UNKNOWN]),
        ("Bool", UNKNOWN),
        ("ArnEquals", COMPUTED),
    ],
    ids=str,
)
def test_a_sound_value_is_no_problem(operator: str, value: object) -> None:
    assert problems({"Condition": {operator: {"some:key": value}}}) == []


@pytest.mark.parametrize(
    ("version", "text", "words"),
    [
        ("2012-10-17", "${aws:username}", ""),
        ("2012-10-17", "${aws:PrincipalTag/team, 'company-wide'}", ""),
        ("2012-10-17", "${*}${?}${$}", ""),
        ("2012-10-17", f"${{{COMPUTED}}}", ""),
        ("2012-10-17", "$ {aws:username}", ""),
        ("2008-10-17", "plain", ""),
        ("2008-10-17", "${", ""),
        (UNKNOWN, "${aws:username}", ""),
        ("2008-10-17", "${aws:username}", "plain text here"),
        ("2008-10-17", "a${*}", "plain text here"),
        ("2012-10-17", "${aws:username", "closing brace"),
        ("2012-10-17", "${aws:username}/${", "closing brace"),
        ("2012-10-17", "${}", "no condition key"),
        ("2012-10-17", "${ }", "no condition key"),
        ("2012-10-17", "${AccountId}", "never has a value"),
        ("2012-10-17", "${aws:user name}", "holds a space"),
        ("2012-10-17", "${ aws:username }", "holds a space"),
        ("2012-10-17", "${aws:username, default}", "single quotes"),
        ("2012-10-17", "${aws:username, 'default}", "single quotes"),
        ("2012-10-17", "${aws:username,}", "single quotes"),
    ],
    ids=str,
)
def test_variables(version: object, text: str, words: str) -> None:
    in_resource = problems({"Resource": [f"arn:aws:s3:::b/{text}"]}, version)
    in_condition = problems({"Condition": {"StringLike": {"some:key": [text]}}}, version)
    assert [path for path, _ in in_resource] == (["Statement.Resource[0]"] if words else [])
    assert [path for path, _ in in_condition] == ([PLACE.format("StringLike") + "[0]"] if words else [])
    assert all(words in message for _, message in (*in_resource, *in_condition))


def test_an_unknown_version_leaves_variables_in_doubt() -> None:
    source = {"Version": "2012-10-18", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:${a:b}"}}
    document = parse(source, Kind.IDENTITY)
    assert document.statements[0].variables is None
    assert [each.path for each in document.problems] == ["Version"]


@pytest.mark.parametrize(("kind", "size", "large"), [("trust", 4_300, True), ("trust", 3_900, False),
                                                     ("resource", 103_000, True), ("resource", 100_000, False),
                                                     ("identity", 150_000, False)])  # fmt: skip
def test_a_document_too_long_for_any_of_its_kind(kind: str, size: int, large: bool) -> None:
    text = '{"Version": "2012-10-17", "Id": "' + "x" * size + '",' + " " * 200_000 + '"Statement": []}'
    messages = [each.message for each in parse(text, Kind(kind)).problems]
    assert any("AWS takes at most" in each for each in messages) is large
