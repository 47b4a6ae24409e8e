"""Cases written by hand: condition operators and context keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .building import GRANT, allow, case, deny
from .engine import Case

_NEW_YEAR: Final = "2026-01-01T00:00:00Z"
_OUTSIDE: Final = {"v4": "203.0.113.7", "v6": "2001:db8::1"}
_BUCKETS: Final = {"same": "arn:aws:s3:::bucket", "other": "arn:aws:s3:::other"}

# Operator, key, values of the policy, and contexts by name. The key is absent in a further case of each.
_OPERATORS: Final[Sequence[tuple[str, str, object, Mapping[str, object]]]] = (
    ("StringEquals", "aws:userid", ["a", "b"], {"one": "a", "other case": "A", "none": "c"}),
    ("StringEquals", "aws:userid", "a*", {"literal star": "a*", "glob": "ab"}),
    ("StringNotEquals", "aws:userid", ["a", "b"], {"one": "a", "other case": "A", "none": "c"}),
    ("StringEqualsIgnoreCase", "aws:userid", ["a", "b"], {"other case": "A", "none": "c"}),
    ("StringNotEqualsIgnoreCase", "aws:userid", ["a", "b"], {"other case": "A", "none": "c"}),
    (
        "StringLike",
        "aws:userid",
        ["a*", "?b"],
        {"star": "axx", "mark": "xb", "other case": "Axx", "none": "b", "empty": ""},
    ),
    ("StringNotLike", "aws:userid", ["a*", "?b"], {"star": "axx", "none": "b"}),
    ("ArnEquals", "aws:SourceArn", "arn:aws:s3:::b*", _BUCKETS),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:t?", {"same": "arn:aws:sns:r:1:tx", "other": "arn:aws:sqs:r:1:tx"}),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:*", {"more segments": "arn:aws:sns:r:1:tx"}),
    ("ArnLike", "aws:SourceArn", "arn:aws:*:tx", {"across segments": "arn:aws:sns:r:1:tx"}),
    ("ArnLike", "aws:SourceArn", "*", {"any": "arn:aws:sns:r:1:tx"}),
    ("ArnNotEquals", "aws:SourceArn", "arn:aws:s3:::b*", _BUCKETS),
    ("ArnNotLike", "aws:SourceArn", "arn:aws:s3:::b*", _BUCKETS),
    (
        "NumericEquals",
        "aws:MultiFactorAuthAge",
        "60",
        {"equal": "60", "decimal": "60.0", "above": "61", "no number": "x"},
    ),
    ("NumericNotEquals", "aws:MultiFactorAuthAge", ["60", "61"], {"equal": "60", "neither": "62"}),
    (
        "NumericLessThan",
        "aws:MultiFactorAuthAge",
        "60",
        {"below": "59", "equal": "60", "above": "61", "negative": "-1"},
    ),
    ("NumericLessThanEquals", "aws:MultiFactorAuthAge", 60, {"below": "59", "equal": "60", "above": "61"}),
    ("NumericGreaterThan", "aws:MultiFactorAuthAge", "60", {"below": "9", "equal": "60", "above": "100"}),
    ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "60", {"below": "9", "equal": "60", "above": "100"}),
    ("DateEquals", "aws:CurrentTime", _NEW_YEAR, {"equal": _NEW_YEAR, "later": "2026-01-02T00:00:00Z"}),
    ("DateNotEquals", "aws:CurrentTime", _NEW_YEAR, {"equal": _NEW_YEAR, "later": "2026-01-02T00:00:00Z"}),
    ("DateLessThan", "aws:CurrentTime", _NEW_YEAR, {"earlier": "2025-12-31T23:59:59Z", "equal": _NEW_YEAR}),
    ("DateLessThan", "aws:CurrentTime", "2026-01-01", {"earlier": "2025-12-31T23:59:59Z", "equal": _NEW_YEAR}),
    ("DateLessThanEquals", "aws:CurrentTime", _NEW_YEAR, {"equal": _NEW_YEAR, "zone": "2026-01-01T01:00:00+02:00"}),
    ("DateGreaterThan", "aws:CurrentTime", _NEW_YEAR, {"later": "2026-01-01T00:00:01Z", "equal": _NEW_YEAR}),
    ("DateGreaterThanEquals", "aws:CurrentTime", _NEW_YEAR, {"equal": _NEW_YEAR, "earlier": "2025-01-01T00:00:00Z"}),
    ("DateGreaterThan", "aws:CurrentTime", "1700000000", {"later": _NEW_YEAR, "earlier": "2020-01-01T00:00:00Z"}),
    ("Bool", "aws:SecureTransport", "true", {"true": "true", "false": "false", "other case": "True"}),
    ("Bool", "aws:SecureTransport", True, {"true": "true", "false": "false"}),
    ("Bool", "aws:MultiFactorAuthPresent", "false", {"true": "true", "false": "false"}),
    ("Bool", "aws:SecureTransport", ["true", "false"], {"true": "true", "false": "false"}),
    (
        "IpAddress",
        "aws:SourceIp",
        ["203.0.113.0/24", "2001:db8::/32"],
        {"in": "203.0.113.9", "in v6": "2001:db8::1", "out": "198.51.100.1"},
    ),
    ("IpAddress", "aws:SourceIp", "203.0.113.7", {"equal": "203.0.113.7", "out": "203.0.113.8"}),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0", _OUTSIDE),
    ("IpAddress", "aws:SourceIp", "::/0", _OUTSIDE),
    (
        "IpAddress",
        "aws:SourceIp",
        ["0.0.0.0/1", "128.0.0.0/1"],
        {"low": "10.0.0.1", "high": "203.0.113.7", "v6": "2001:db8::1"},
    ),
    ("IpAddress", "aws:SourceIp", "203.0.113.77/24", {"host bits ignored": "203.0.113.9", "out": "203.0.114.9"}),
    ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:db8::/32"], {"in": "203.0.113.9", "out": "198.51.100.1"}),
    ("NotIpAddress", "aws:SourceIp", "0.0.0.0/0", {"v4": "203.0.113.7"}),
    ("NotIpAddress", "aws:SourceIp", "203.0.113.7", {"v6": "2001:db8::1"}),
    ("Null", "aws:userid", "true", {"present": "a"}),
    ("Null", "aws:userid", "false", {"present": "a"}),
    ("Null", "aws:userid", True, {"present": "a"}),
    ("Null", "aws:TagKeys", "true", {"present": ["a"], "empty list": []}),
    ("Null", "aws:TagKeys", "false", {"present": ["a"], "empty list": []}),
)
_SETS: Final[Mapping[str, list[str]]] = {
    "all": ["a", "b"],
    "some": ["a", "x"],
    "none": ["x", "y"],
    "one": ["a"],
    "empty": [],
}


def conditions() -> Iterator[Case]:
    """Operators and context keys (points 13 to 19)."""
    seen: set[str] = set()
    for operator, key, wanted, contexts in _OPERATORS:
        forms = (operator,) if operator == "Null" or operator in seen else (operator, f"{operator}IfExists")
        seen.add(operator)
        for form in forms:
            values = "/".join(map(str, wanted)) if isinstance(wanted, list) else wanted
            first = next(iter(contexts))
            for name, value in {
                **({"absent": None} if len(forms) > 1 or operator == "Null" else {}),
                **contexts,
            }.items():
                context = {} if value is None else {key: value}
                statement = {"Condition": {form: {key: wanted}}}
                if form == operator or name == "absent":
                    yield case(f"14 {form} {key} {values}: {name}", allow("s3:GetObject", **statement), context=context)
                if form == operator and name == first:
                    yield case(f"14 Deny {form} {key} {values}: {name}", GRANT, deny(**statement), context=context)
    for quantifier in ("ForAllValues", "ForAnyValue"):
        for operator, wanted in {
            "StringEquals": ["a", "b"],
            "StringNotEquals": ["a", "b"],
            "StringNotLike": ["a*", "b*"],
            "StringEqualsIfExists": ["a", "b"],
        }.items():
            form = f"{quantifier}:{operator}"
            condition = {form: {"aws:TagKeys": wanted}}
            for name, values in _SETS.items():
                context = {"aws:TagKeys": values}
                yield case(f"15 {form}: {name}", allow("s3:GetObject", Condition=condition), context=context)
            yield case(f"15 {form}: absent", allow("s3:GetObject", Condition=condition))
            yield case(f"15 Deny {form}: absent", GRANT, deny(Condition=condition))
            joined = {**condition, "Null": {"aws:TagKeys": "false"}}
            yield case(f"15 {form} with Null false: absent", allow("s3:GetObject", Condition=joined))
            yield case(
                f"15 {form} with Null false: one",
                allow("s3:GetObject", Condition=joined),
                context={"aws:TagKeys": ["a"]},
            )
    both = {"StringEquals": {"aws:userid": "a", "aws:UserAgent": "b"}, "Bool": {"aws:SecureTransport": "true"}}
    full = {"aws:userid": "a", "aws:UserAgent": "b", "aws:SecureTransport": "true"}
    yield case("13 all entries hold", allow(Condition=both), context=full)
    for key in full:
        yield case(f"13 {key} does not hold", allow(Condition=both), context={**full, key: "no"})
        yield case(f"13 {key} is absent", allow(Condition=both), context={k: v for k, v in full.items() if k != key})
    yield case(
        "13 key in another case", allow(Condition={"StringEquals": {"AWS:USERID": "a"}}), context={"aws:userid": "a"}
    )
    tag = {"StringEquals": {"aws:PrincipalTag/TEAM": "red"}}
    yield case("13 tag key in another case", allow(Condition=tag), context={"aws:PrincipalTag/team": "red"})
    yield case("13 tag value in another case", allow(Condition=tag), context={"aws:PrincipalTag/team": "Red"})
    yield case("16 unknown operator", allow(Condition={"StringIs": {"aws:userid": "a"}}), context={"aws:userid": "a"})
    yield case(
        "16 operator in another case",
        allow(Condition={"stringequals": {"aws:userid": "a"}}),
        context={"aws:userid": "a"},
    )
    yield case("17 Null with true and false", allow(Condition={"Null": {"aws:userid": ["true", "false"]}}))
    yield case("17 NullIfExists", allow(Condition={"NullIfExists": {"aws:userid": "true"}}))
    never = {"StringEquals": {"aws:userid": "a"}, "StringNotEquals": {"aws:userid": "a"}}
    yield case("17 equal and not equal", allow(Condition=never), context={"aws:userid": "a"})
    yield case("17 equal and not equal, absent", allow(Condition=never))
    either = {"StringEqualsIfExists": {"aws:userid": "a"}, "StringNotEquals": {"aws:userid": "a"}}
    yield case("17 equal if it exists and not equal, absent", allow(Condition=either))
    yield case(
        "18 key that the service does not send", allow(Condition={"StringEquals": {"s3:prefix": "a"}}), context={}
    )
    listing = {"action": "s3:ListBucket", "resource": "arn:aws:s3:::bucket"}
    for value in ("a/", "b/"):
        statement = allow("s3:ListBucket", Condition={"StringLike": {"s3:prefix": "a/*"}})
        yield case(f"18 key of the service: {value}", statement, context={"s3:prefix": value}, **listing)
    yield case(
        "18 key of the service: absent",
        allow("s3:ListBucket", Condition={"StringLike": {"s3:prefix": "a/*"}}),
        **listing,
    )
    yield case("18 number of the service", allow("s3:ListBucket", Condition={"NumericLessThan": {"s3:max-keys": "10"}}),
               context={"s3:max-keys": "5"}, **listing)  # fmt: skip
