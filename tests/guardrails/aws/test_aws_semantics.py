"""The semantics of the policy language, point by point, each both ways.

`REQUESTS` decides concrete requests by one document, `LAYERS` by documents of several layers, `QUESTIONS` asks for a
request. `ELSEWHERE` names what other test files prove.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from policypack.guardrails.aws.answers import Answer, Yes
from policypack.guardrails.aws.authority import Layers, effective
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import ANONYMOUS, Principal, Request, Verdict, decide, evaluate
from policypack.guardrails.aws.federation import federation
from policypack.guardrails.aws.questions import administrator, allows, anyone_may_assume, strangers
from policypack.guardrails.values import UNKNOWN

POINTS: Final = {
    1: "default deny, explicit deny, ceilings",
    2: "identity and resource, in one account and across two",
    3: "a user or session named by a resource passes its ceilings",
    4: "an account as principal delegates",
    5: "all elements of a statement must match",
    6: "no principal, and what is unknown",
    7: "actions",
    8: "resources",
    9: "actions without a resource, actions with several",
    10: "the type of the resource",
    11: "where variables are read",
    12: "variables without a value, literal values, equal keys",
    13: "AND, OR, letter case",
    14: "keys that a request lacks",
    15: "ForAllValues, ForAnyValue",
    16: "what each operator compares",
    17: "contradictions",
    18: "which callers carry which keys",
    19: "keys that AWS states, keys that the caller chooses",
    20: "NotPrincipal",
    21: "trust documents",
    22: "third parties and services that act for others",
    23: "identity providers",
    24: "public, by fixed values",
    25: "public, by networks",
    26: "public, by one statement",
    27: "public access to other services, and by ACL",
}
YES, NO, DENIED, MAYBE = (
    Verdict.ALLOWED,
    Verdict.IMPLICITLY_DENIED,
    Verdict.EXPLICITLY_DENIED,
    Verdict.UNDECIDED,
)
IDENTITY, TRUST, RESOURCE = Kind.IDENTITY, Kind.TRUST, Kind.RESOURCE
OWN, OTHER = "111122223333", "444455556666"
USER = Principal("AWS", f"arn:aws:iam::{OWN}:user/alice")
SESSION = Principal("AWS", f"arn:aws:sts::{OWN}:assumed-role/app/run")
FOREIGN = Principal("AWS", f"arn:aws:iam::{OTHER}:user/mallory")
SERVICE = Principal("Service", "sns.amazonaws.com")
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{OWN}:oidc-provider/{GITHUB}"
KEY = "arn:aws:s3:::data/key"
TOPIC = f"arn:aws:sns:eu-west-1:{OWN}:topic"
IP = "aws:SourceIp"

Statement = dict[str, object]
Context = Mapping[str, str | tuple[str, ...]]


def allow(action: object = "*", resource: object = "*", **more: object) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object = "*", resource: object = "*", **more: object) -> Statement:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def without(source: Statement, *names: str) -> Statement:
    return {name: value for name, value in source.items() if name not in names}


def when(operator: str, key: str, value: object) -> Statement:
    return {"Condition": {operator: {key: value}}}


def document(kind: Kind, *statements: Statement, version: object = "2012-10-17") -> Document:
    return parse({"Version": version, "Statement": list(statements)}, kind)


@dataclass(frozen=True)
class Row:
    """One request: alice reads an object with no context, where nothing else is said."""

    point: int
    what: str
    expected: Verdict
    statements: tuple[Statement, ...]
    kind: Kind = IDENTITY
    by: Principal = USER
    action: str = "s3:GetObject"
    on: str = KEY
    context: Context = field(default_factory=dict)
    version: object = "2012-10-17"


def row(point: int, what: str, expected: Verdict, *statements: Statement, **more: object) -> Row:
    return Row(point, what, expected, statements, **more)  # type: ignore[arg-type]


def for_everyone(**more: object) -> Statement:
    return allow("s3:GetObject", "arn:aws:s3:::data/*", Principal="*", **more)


def trusting(principal: object, action: object = "sts:AssumeRole", **more: object) -> Statement:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


def on_key(operator: str, value: object, given: str | tuple[str, ...] | None, expected: Verdict, point: int) -> Row:
    """A row on one operator: an Allow under `operator` on one key, and what the request carries under the key."""
    context: Context = {} if given is None else {"some:Key": given}
    what = f"{operator} {value} for {'no value' if given is None else given}"
    return Row(point, what, expected, (allow(**when(operator, "some:key", value)),), context=context)


REQUESTS: Final = [
    row(1, "nothing allows", NO),
    row(1, "an Allow", YES, allow()),
    row(1, "a Deny beats an Allow", DENIED, allow(), deny("s3:*")),
    row(1, "a Deny of something else", YES, allow(), deny("sqs:*")),
    row(5, "all elements match", YES, allow("s3:Get*", "arn:aws:s3:::data/*", **when("IpAddress", IP, "10.0.0.0/8")), context={IP: "10.1.1.1"}),
    row(5, "the action does not", NO, allow("s3:Put*", "arn:aws:s3:::data/*")),
    row(5, "the resource does not", NO, allow("s3:Get*", "arn:aws:s3:::other/*")),
    row(5, "the condition does not", NO, allow("s3:Get*", "*", **when("IpAddress", IP, "10.0.0.0/8")), context={IP: "11.1.1.1"}),
    row(5, "the principal does not", NO, allow(Principal={"AWS": OTHER}), kind=RESOURCE),
    row(5, "NotAction names another", YES, {**without(allow(), "Action"), "NotAction": "s3:Put*"}),
    row(5, "NotAction names it", NO, {**without(allow(), "Action"), "NotAction": "s3:Get*"}),
    row(5, "NotResource names another", YES, {**without(allow(), "Resource"), "NotResource": "arn:aws:s3:::other/*"}),
    row(5, "NotResource names it", NO, {**without(allow(), "Resource"), "NotResource": "arn:aws:s3:::data/*"}),
    row(6, "a statement without principal", NO, allow(), kind=RESOURCE, by=ANONYMOUS),
    row(6, "the same with one", YES, allow(Principal="*"), kind=RESOURCE, by=ANONYMOUS),
    row(6, "an unknown action", MAYBE, allow(UNKNOWN)),
    row(6, "an unknown principal", MAYBE, allow(Principal=UNKNOWN), kind=RESOURCE),
    row(6, "an unknown Deny", MAYBE, allow(), deny("*", UNKNOWN)),
    row(7, "letter case", YES, allow("S3:getobject")),
    row(7, "wildcards anywhere", YES, allow("s?:*Obj?ct")),
    row(7, "a wildcard in the service", YES, allow("*:GetObject")),
    row(7, "another action", NO, allow("s3:GetObjectAcl")),
    row(7, "two actions in one text", NO, allow("s3:GetObject,s3:PutObject")),
    row(7, "a trailing blank", NO, allow("s3:GetObject ")),
    row(7, "an empty name", NO, allow("")),
    row(7, "two actions in one text exclude nothing", YES, {**without(allow(), "Action"), "NotAction": "s3:GetObject,s3:PutObject"}),
    row(8, "letter case", NO, allow("*", "arn:aws:s3:::DATA/*")),
    row(8, "a star crosses slashes", YES, allow("*", "arn:aws:s3:::data/*"), on="arn:aws:s3:::data/a/b/c"),
    row(8, "inside segments", YES, allow("*", "arn:aws:sns:*:*:top?c"), action="sns:Publish", on=TOPIC),
    row(8, "a star does not cross a colon for certain", MAYBE, allow("*", "arn:aws:sns:*:topic"), action="sns:Publish", on=TOPIC),
    row(8, "missing segments", YES, allow("*", "arn:aws:sns"), action="sns:Publish", on=TOPIC),
    row(8, "missing segments of another service", NO, allow("*", "arn:aws:sqs"), action="sns:Publish", on=TOPIC),
    row(8, "the last segment holds colons", YES, allow("*", "arn:aws:rds:*:*:db:*"), action="rds:StopDBInstance", on=f"arn:aws:rds:eu-west-1:{OWN}:db:main"),
    row(9, "an action without resource, on everything", YES, allow("s3:ListAllMyBuckets"), action="s3:ListAllMyBuckets", on="*"),
    row(9, "an action without resource, on an ARN", NO, allow("s3:ListAllMyBuckets", "arn:aws:s3:::*"), action="s3:ListAllMyBuckets", on="*"),
    row(9, "the first of two resources", YES, allow("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*"), action="ec2:RunInstances", on=f"arn:aws:ec2:eu-west-1:{OWN}:instance/i-1"),
    row(9, "the second of two resources", NO, allow("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*"), action="ec2:RunInstances", on="arn:aws:ec2:eu-west-1::image/ami-1"),
    row(11, "a variable in a resource", YES, allow("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/alice", context={"aws:username": "alice"}),
    row(11, "of another caller", NO, allow("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/alice", context={"aws:username": "bob"}),
    row(11, "in NotResource", NO, {**without(allow(), "Resource"), "NotResource": "arn:aws:s3:::data/${aws:username}"}, on="arn:aws:s3:::data/alice", context={"aws:username": "alice"}),
    row(11, "in a condition", YES, allow(**when("StringLike", "s3:prefix", "${aws:username}/*")), context={"s3:prefix": "alice/x", "aws:username": "alice"}),
    row(11, "in an ARN condition", YES, allow(**when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/${aws:username}")), context={"aws:PrincipalArn": USER.name, "aws:username": "alice"}),
    row(11, "in an old version", NO, allow("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/alice", context={"aws:username": "alice"}, version="2008-10-17"),
    row(11, "in an old version it is plain text", YES, allow("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/${aws:username}", version="2008-10-17"),
    row(11, "in an unknown version", MAYBE, allow("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/alice", context={"aws:username": "alice"}, version=UNKNOWN),
    row(11, "not in an action", NO, allow("s3:${aws:username}"), action="s3:alice", context={"aws:username": "alice"}),
    row(11, "not in a principal", NO, allow(Principal={"AWS": f"arn:aws:iam::{OWN}:user/${{aws:username}}"}), kind=RESOURCE, context={"aws:username": "alice"}),
    row(11, "a key with several values", NO, allow(**when("StringEquals", "k", "${aws:TagKeys}")), context={"k": "a", "aws:TagKeys": ("a", "b")}),
    row(11, "a default", YES, allow("*", "arn:aws:s3:::data/${aws:username, 'nobody'}"), on="arn:aws:s3:::data/nobody"),
    row(11, "a default that is not needed", NO, allow("*", "arn:aws:s3:::data/${aws:username, 'nobody'}"), on="arn:aws:s3:::data/nobody", context={"aws:username": "alice"}),
    row(11, "an escaped star is a star", YES, allow("*", "arn:aws:s3:::data/${*}"), on="arn:aws:s3:::data/*"),
    row(11, "an escaped star is no wildcard", NO, allow("*", "arn:aws:s3:::data/${*}")),
    row(11, "an escaped question mark", NO, allow("*", "arn:aws:s3:::data/ke${?}")),
    row(11, "an escaped dollar", YES, allow("*", "arn:aws:s3:::data/${$}{aws:username}"), on="arn:aws:s3:::data/${aws:username}"),
    row(12, "no value, no match", NO, allow("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/"),
    row(12, "a Deny without value vanishes", YES, allow(), deny("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/alice"),
    row(12, "a Deny with a value", DENIED, allow(), deny("*", "arn:aws:s3:::data/${aws:username}"), on="arn:aws:s3:::data/alice", context={"aws:username": "alice"}),
    row(12, "what a variable holds is literal", NO, allow("*", "arn:aws:s3:::data/${aws:username}"), context={"aws:username": "*"}),
    row(12, "a negated Deny without value strikes", DENIED, allow(), deny(**when("StringNotEquals", "k", "${aws:username}")), context={"k": "x"}),
    row(12, "a Deny by an equal condition without value vanishes", YES, allow(), deny(**when("StringEquals", "k", "${aws:username}")), context={"k": "x"}),
    row(12, "no value among others", MAYBE, allow(**when("StringEquals", "k", ["${aws:username}", "x"])), context={"k": "x"}),
    row(12, "a key equals itself", YES, allow(**when("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}")), context={"aws:PrincipalAccount": OWN}),
    row(12, "a key that is not there does not", NO, allow(**when("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"))),
    row(12, "equal tags", YES, allow(**when("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}")), context={"aws:ResourceTag/team": "a", "aws:PrincipalTag/team": "a"}),
    row(12, "different tags", NO, allow(**when("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}")), context={"aws:ResourceTag/team": "a", "aws:PrincipalTag/team": "b"}),
    on_key("StringEquals", ["a", "b"], "b", YES, 13),
    on_key("StringEquals", ["a", "b"], "c", NO, 13),
    on_key("StringNotEquals", ["a", "b"], "c", YES, 13),
    on_key("StringNotEquals", ["a", "b"], "b", NO, 13),
    row(13, "one of two keys", NO, allow(Condition={"StringEquals": {"a:a": "x", "a:b": "y"}}), context={"a:a": "x", "a:b": "z"}),
    row(13, "both of two keys", YES, allow(Condition={"StringEquals": {"a:a": "x", "a:b": "y"}}), context={"a:a": "x", "a:b": "y"}),
    row(13, "one of two operators", NO, allow(Condition={"StringEquals": {"a:a": "x"}, "Bool": {"a:b": "true"}}), context={"a:a": "x"}),
    row(13, "keys in either case", YES, allow(**when("StringEquals", "AWS:ResourceTag/TEAM", "a")), context={"aws:resourcetag/Team": "a"}),
    row(13, "values in one case", NO, allow(**when("StringEquals", "aws:ResourceTag/team", "A")), context={"aws:ResourceTag/team": "a"}),
    on_key("StringEqualsIgnoreCase", "A", "a", YES, 13),
    on_key("StringEquals", "a", None, NO, 14),
    on_key("StringLike", "*", None, NO, 14),
    on_key("Bool", "false", None, NO, 14),
    on_key("IpAddress", "0.0.0.0/0", None, NO, 14),
    on_key("StringNotEquals", "a", None, YES, 14),
    on_key("ArnNotLike", "arn:aws:iam::*:*", None, YES, 14),
    on_key("NotIpAddress", "0.0.0.0/0", None, YES, 14),
    on_key("StringEqualsIfExists", "a", None, YES, 14),
    on_key("StringEqualsIfExists", "a", "b", NO, 14),
    on_key("Null", "true", None, YES, 14),
    on_key("Null", "true", "a", NO, 14),
    on_key("Null", "false", None, NO, 14),
    row(14, "an organization that an anonymous caller lacks", YES, for_everyone(**when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a")), kind=RESOURCE, by=ANONYMOUS),
    row(14, "an organization that an anonymous caller needs", NO, for_everyone(**when("StringEquals", "aws:PrincipalOrgID", "o-a")), kind=RESOURCE, by=ANONYMOUS),
    row(14, "a Deny misses requests without the key", YES, allow(), deny(**when("Bool", "aws:MultiFactorAuthPresent", "false"))),
    row(14, "BoolIfExists hits them", DENIED, allow(), deny(**when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))),
    on_key("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), YES, 15),
    on_key("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), NO, 15),
    on_key("ForAllValues:StringEquals", "a", None, YES, 15),
    on_key("ForAllValues:StringEquals", "a", (), YES, 15),
    row(15, "joined by Null", NO, allow(Condition={"ForAllValues:StringEquals": {"some:key": "a"}, "Null": {"some:key": "false"}})),
    row(15, "joined by Null, with a value", YES, allow(Condition={"ForAllValues:StringEquals": {"some:key": "a"}, "Null": {"some:key": "false"}}), context={"some:key": ("a",)}),
    on_key("ForAnyValue:StringEquals", "a", ("b", "a"), YES, 15),
    on_key("ForAnyValue:StringEquals", "a", ("b", "c"), NO, 15),
    on_key("ForAnyValue:StringEquals", "a", None, NO, 15),
    on_key("ForAnyValue:StringNotEquals", "a", None, NO, 15),
    on_key("ForAllValues:StringNotEquals", "a", None, YES, 15),
    on_key("ForAnyValue:StringNotLike", "a*", ("ab", "b"), YES, 15),
    on_key("StringEquals", "a", ("a", "b"), MAYBE, 15),
    on_key("StringEquals", "a*", "ab", NO, 16),
    on_key("StringEquals", "a*", "a*", YES, 16),
    on_key("StringLike", "a*c?", "abcd", YES, 16),
    on_key("StringLike", "A*", "ab", NO, 16),
    on_key("ArnLike", "arn:aws:sns:*:*:x", "arn:aws:sns:r:1:x", YES, 16),
    on_key("ArnEquals", "arn:aws:sns:*:*:x", "arn:aws:sns:r:1:x", YES, 16),
    on_key("ArnLike", "arn:aws:sns:*:x", "arn:aws:sns:r:1:x", NO, 16),
    on_key("StringLike", "arn:aws:sns:*:x", "arn:aws:sns:r:1:x", YES, 16),
    on_key("ArnNotEquals", "arn:aws:sns:*:*:x", "arn:aws:sns:r:1:x", NO, 16),
    on_key("NumericLessThanEquals", "10", "10.0", YES, 16),
    on_key("NumericLessThan", "10", "10", NO, 16),
    on_key("NumericGreaterThan", "9", "10", YES, 16),
    on_key("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", YES, 16),
    on_key("DateGreaterThan", "1767225600", "2025-12-31T23:59:59Z", NO, 16),
    on_key("Bool", "true", "True", YES, 16),
    on_key("Bool", "true", "false", NO, 16),
    on_key("BinaryEquals", "QUJD", "QUJD", YES, 16),
    on_key("BinaryEquals", "QUJD", "QUJE", NO, 16),
    on_key("IpAddress", "203.0.113.7", "203.0.113.7", YES, 16),
    on_key("IpAddress", "2001:db8::/32", "2001:db9::1", NO, 16),
    on_key("NullIfExists", "true", None, MAYBE, 17),
    on_key("Null", ["true", "false"], "a", MAYBE, 17),
    on_key("Null", "false", "a", YES, 17),
    row(18, "through an endpoint there is no SourceIp", NO, allow(**when("IpAddress", IP, "10.0.0.0/8")), context={"aws:VpcSourceIp": "10.1.1.1"}),
    row(18, "a Deny of other networks then strikes", DENIED, allow(), deny(**when("NotIpAddress", IP, "10.0.0.0/8")), context={"aws:VpcSourceIp": "10.1.1.1"}),
    row(18, "the key for endpoints", YES, allow(**when("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8")), context={"aws:VpcSourceIp": "10.1.1.1"}),
    row(20, "NotPrincipal allows everyone else", YES, {**without(for_everyone(), "Principal"), "NotPrincipal": {"AWS": USER.name}}, kind=RESOURCE, by=ANONYMOUS),
    row(20, "NotPrincipal spares whom it names", NO, {**without(for_everyone(), "Principal"), "NotPrincipal": {"AWS": USER.name}}, kind=RESOURCE),
    row(20, "a Deny spares role, session and account", YES, for_everyone(), deny(NotPrincipal={"AWS": [f"arn:aws:iam::{OWN}:root", USER.name]}), kind=RESOURCE),
    row(20, "a Deny that leaves the account out", MAYBE, for_everyone(), deny(NotPrincipal={"AWS": USER.name}), kind=RESOURCE),
    row(20, "a Deny of everyone else", DENIED, for_everyone(), deny(NotPrincipal={"AWS": USER.name}), kind=RESOURCE, by=FOREIGN),
    row(21, "a role trusts a user", YES, trusting({"AWS": USER.name}), kind=TRUST, action="sts:AssumeRole", on="*"),
    row(21, "a role trusts another", NO, trusting({"AWS": FOREIGN.name}), kind=TRUST, action="sts:AssumeRole", on="*"),
    row(21, "a token with the action for it", YES, trusting({"Federated": PROVIDER}, "sts:AssumeRoleWithWebIdentity"), kind=TRUST, by=Principal("Federated", PROVIDER), action="sts:AssumeRoleWithWebIdentity", on="*"),
    row(21, "a token with the action for users", NO, trusting({"Federated": PROVIDER}, "sts:*"), kind=TRUST, by=Principal("Federated", PROVIDER), action="sts:AssumeRole", on="*"),
    row(21, "the tags of a session", YES, trusting({"Federated": PROVIDER}, "sts:*"), kind=TRUST, by=Principal("Federated", PROVIDER), action="sts:TagSession", on="*"),
    row(21, "the account of the role", YES, trusting({"AWS": f"arn:aws:iam::{OWN}:root"}), kind=TRUST, action="sts:AssumeRole", on="*"),
    row(21, "a wildcard inside a principal", MAYBE, trusting({"AWS": f"arn:aws:iam::{OWN}:user/*"}), kind=TRUST, action="sts:AssumeRole", on="*"),
    row(22, "a service that says for whom", YES, allow("sqs:SendMessage", Principal={"Service": SERVICE.name}, **when("ArnEquals", "aws:SourceArn", TOPIC)), kind=RESOURCE, by=SERVICE, action="sqs:SendMessage", context={"aws:SourceArn": TOPIC}),
    row(22, "a service that says for somebody else", NO, allow("sqs:SendMessage", Principal={"Service": SERVICE.name}, **when("ArnEquals", "aws:SourceArn", TOPIC)), kind=RESOURCE, by=SERVICE, action="sqs:SendMessage", context={"aws:SourceArn": TOPIC.replace(OWN, OTHER)}),
    row(22, "a service that does not say", NO, allow("sqs:SendMessage", Principal={"Service": SERVICE.name}, **when("StringEquals", "aws:SourceAccount", OWN)), kind=RESOURCE, by=SERVICE, action="sqs:SendMessage"),
]  # fmt: skip


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda each: f"{each.point}: {each.what}")
def test_requests(asked: Row) -> None:
    decided = evaluate(
        [document(asked.kind, *asked.statements, version=asked.version)],
        Request(asked.by, asked.action, asked.on, asked.context),
    )
    assert decided.verdict is asked.expected


@dataclass(frozen=True)
class LayeredRow:
    """One request under several layers: reading an object of the account `OWN`."""

    point: int
    what: str
    expected: Verdict
    layers: Layers
    by: Principal = USER


def identity(*statements: Statement) -> list[Document]:
    return [document(IDENTITY, *statements)]


def naming(*principals: str) -> Document:
    return document(RESOURCE, allow("s3:GetObject", Principal={"AWS": list(principals)}))


GRANT, NOTHING, ACCOUNT = identity(allow("s3:Get*")), identity(allow("sqs:*")), f"arn:aws:iam::{OWN}:root"
ROLE = f"arn:aws:iam::{OWN}:role/app"
LAYERS: Final = [
    LayeredRow(1, "no ceiling", YES, Layers(identity=GRANT, owner=OWN)),
    LayeredRow(1, "a ceiling that allows", YES, Layers(identity=GRANT, boundary=GRANT, owner=OWN)),
    LayeredRow(1, "a boundary that does not", NO, Layers(identity=GRANT, boundary=NOTHING, owner=OWN)),
    LayeredRow(1, "a session that does not", NO, Layers(identity=GRANT, session=NOTHING, owner=OWN)),
    LayeredRow(1, "an organization that does not", NO, Layers(identity=GRANT, service_control=[NOTHING], owner=OWN)),
    LayeredRow(1, "a ceiling that denies", DENIED, Layers(identity=GRANT, boundary=identity(allow(), deny("s3:*")), owner=OWN)),
    LayeredRow(2, "same account, the identity alone", YES, Layers(identity=GRANT, resource=naming(f"arn:aws:iam::{OTHER}:root"), owner=OWN)),
    LayeredRow(2, "same account, the resource alone", YES, Layers(resource=naming(USER.name), owner=OWN)),
    LayeredRow(2, "same account, neither", NO, Layers(identity=NOTHING, resource=naming(FOREIGN.name), owner=OWN)),
    LayeredRow(2, "across accounts, the identity alone", NO, Layers(identity=GRANT, resource=naming(USER.name), owner=OWN), FOREIGN),
    LayeredRow(2, "across accounts, the resource alone", NO, Layers(resource=naming(FOREIGN.name), owner=OWN), FOREIGN),
    LayeredRow(2, "across accounts, both", YES, Layers(identity=GRANT, resource=naming(FOREIGN.name), owner=OWN), FOREIGN),
    LayeredRow(2, "a key without the resource", NO, Layers(identity=GRANT, resource=naming(f"arn:aws:iam::{OTHER}:root"), exclusive=True, owner=OWN)),
    LayeredRow(2, "a key that delegates", YES, Layers(identity=GRANT, resource=naming(ACCOUNT), exclusive=True, owner=OWN)),
    LayeredRow(3, "a user by name, past the boundary", YES, Layers(resource=naming(USER.name), boundary=NOTHING, owner=OWN)),
    LayeredRow(3, "a session by name, past the boundary", YES, Layers(resource=naming(SESSION.name), boundary=NOTHING, owner=OWN), SESSION),
    LayeredRow(3, "a role by name, not past the boundary", NO, Layers(resource=naming(ROLE), boundary=NOTHING, owner=OWN), SESSION),
    LayeredRow(3, "a Deny of the boundary", DENIED, Layers(resource=naming(USER.name), boundary=identity(deny()), owner=OWN)),
    LayeredRow(4, "the account is no direct grant", NO, Layers(resource=naming(ACCOUNT), owner=OWN)),
    LayeredRow(4, "its number is none either", NO, Layers(resource=naming(OWN), owner=OWN)),
    LayeredRow(4, "the account and the identity", YES, Layers(identity=GRANT, resource=naming(ACCOUNT), owner=OWN)),
]  # fmt: skip


@pytest.mark.parametrize("asked", LAYERS, ids=lambda each: f"{each.point}: {each.what}")
def test_layers(asked: LayeredRow) -> None:
    authority = effective(asked.layers, asked.by)
    assert decide(authority, Request(asked.by, "s3:GetObject", KEY)).verdict is asked.expected


def is_administrator(*statements: Statement) -> Answer:
    return administrator([document(IDENTITY, *statements)])


def open_to_strangers(*statements: Statement) -> Answer:
    return strangers(document(RESOURCE, *statements), frozenset({OWN}))


def anyone_assumes(*statements: Statement) -> Answer:
    return anyone_may_assume(document(TRUST, *statements))


def reads(*statements: Statement) -> Answer:
    return allows([document(IDENTITY, *statements)], "s3:GetObject", KEY)


def of_any_subject(*statements: Statement) -> Answer:
    return federation(document(TRUST, *statements))[0].subject


def of_any_audience(*statements: Statement) -> Answer:
    return federation(document(TRUST, *statements))[0].audience


def from_github(**condition: object) -> Statement:
    return trusting({"Federated": PROVIDER}, "sts:AssumeRoleWithWebIdentity", Condition=condition)


AUDIENCE = {f"{GITHUB}:aud": "sts.amazonaws.com"}
SUBJECT = {f"{GITHUB}:sub": "repo:acme/app:ref:refs/heads/main"}
HALVES = ["0.0.0.0/1", "128.0.0.0/1"]
NINTHS = [f"{first}.{second}.0.0/9" for first in range(11, 31) for second in (0, 128)]


def networks(*blocks: str) -> Statement:
    return for_everyone(**when("IpAddress", IP, list(blocks)))


@dataclass(frozen=True)
class Question:
    """Whether some request is allowed; the answer by the name of its class."""

    point: int
    what: str
    expected: str
    ask: Callable[..., Answer]
    statements: tuple[Statement, ...]


def ask(point: int, what: str, expected: str, asked: Callable[..., Answer], *statements: Statement) -> Question:
    return Question(point, what, expected, asked, statements)


EVERYBODY = {"AWS": "*"}
QUESTIONS: Final = [
    ask(10, "permissions on users", "Yes", is_administrator, allow("iam:*", "arn:aws:iam::*:*")),
    ask(10, "permissions on buckets", "No", is_administrator, allow("iam:*", "arn:aws:s3:::*")),
    ask(10, "permissions on the policies that AWS owns", "No", is_administrator, allow("iam:*", "arn:aws:iam::aws:policy/*")),
    ask(17, "equal and not equal", "No", reads, allow(Condition={"StringEquals": {"a:a": "x"}, "StringNotEquals": {"a:a": "x"}})),
    ask(17, "equal, and not equal to another", "Yes", reads, allow(Condition={"StringEquals": {"a:a": "x"}, "StringNotEquals": {"a:a": "y"}})),
    ask(17, "there and not there", "No", reads, allow(Condition={"StringEquals": {"a:a": "x"}, "Null": {"a:a": "true"}})),
    ask(18, "the anonymous have no organization", "Yes", open_to_strangers, for_everyone(**when("StringNotEquals", "aws:PrincipalOrgID", "o-a"))),
    ask(18, "nor an account", "Yes", open_to_strangers, for_everyone(**when("StringEqualsIfExists", "aws:PrincipalAccount", OWN))),
    ask(18, "and need one", "No", open_to_strangers, for_everyone(**when("StringEquals", "aws:PrincipalAccount", OWN))),
    ask(19, "a referer, which the caller chooses", "Yes", open_to_strangers, for_everyone(**when("StringEquals", "aws:Referer", "https://example.com"))),
    ask(19, "a user agent, which the caller chooses", "Yes", open_to_strangers, for_everyone(**when("StringLike", "aws:UserAgent", "internal/*"))),
    ask(19, "an encrypted connection, which anyone has", "Yes", open_to_strangers, for_everyone(**when("Bool", "aws:SecureTransport", "true"))),
    ask(19, "an organization, which AWS states", "No", open_to_strangers, for_everyone(**when("StringEquals", "aws:PrincipalOrgID", "o-a"))),
    ask(19, "an endpoint, which AWS states", "No", open_to_strangers, for_everyone(**when("StringEquals", "aws:SourceVpce", "vpce-1"))),
    ask(20, "NotPrincipal is public", "Yes", open_to_strangers, {**without(for_everyone(), "Principal"), "NotPrincipal": {"AWS": USER.name}}),
    ask(21, "a lone star trusts anyone", "Yes", anyone_assumes, trusting("*")),
    ask(21, "an account trusts its own", "No", anyone_assumes, trusting({"AWS": OWN})),
    ask(22, "anyone who knows the external id", "No", anyone_assumes, trusting(EVERYBODY, **when("StringEquals", "sts:ExternalId", "s3cr3t-id"))),
    ask(22, "any external id", "Yes", anyone_assumes, trusting(EVERYBODY, **when("StringLike", "sts:ExternalId", "*"))),
    ask(22, "anyone of the organization", "No", anyone_assumes, trusting(EVERYBODY, **when("StringEquals", "aws:PrincipalOrgID", "o-a"))),
    ask(23, "a subject of one repository", "No", of_any_subject, from_github(StringEquals={**AUDIENCE, **SUBJECT})),
    ask(23, "no subject", "Yes", of_any_subject, from_github(StringEquals=AUDIENCE)),
    ask(23, "a subject of any owner", "Yes", of_any_subject, from_github(StringEquals=AUDIENCE, StringLike={f"{GITHUB}:sub": "repo:*/app:*"})),
    ask(23, "owners that start alike", "Yes", of_any_subject, from_github(StringEquals=AUDIENCE, StringLike={f"{GITHUB}:sub": "repo:acme*"})),
    # Every token has a subject; that the operator demands nothing is a finding of its own.
    ask(23, "a subject if it exists", "No", of_any_subject, from_github(StringEquals=AUDIENCE, StringEqualsIfExists=SUBJECT)),
    ask(23, "no audience", "Yes", of_any_audience, from_github(StringEquals=SUBJECT)),
    ask(23, "an audience", "No", of_any_audience, from_github(StringEquals={**AUDIENCE, **SUBJECT})),
    ask(24, "everyone", "Yes", open_to_strangers, for_everyone()),
    ask(24, "a fixed account", "No", open_to_strangers, allow("s3:GetObject", Principal={"AWS": OTHER})),
    ask(24, "any organization", "Yes", open_to_strangers, for_everyone(**when("StringLike", "aws:PrincipalOrgID", "*"))),
    ask(24, "a fixed source", "No", open_to_strangers, for_everyone(**when("ArnEquals", "aws:SourceArn", TOPIC))),
    ask(24, "a fixed network", "No", open_to_strangers, for_everyone(**when("StringEquals", "aws:SourceVpc", "vpc-1"))),
    ask(24, "a fixed user id", "No", open_to_strangers, for_everyone(**when("StringEquals", "aws:userid", "AIDAEXAMPLE"))),
    ask(24, "an access point by account", "No", open_to_strangers, for_everyone(**when("StringEquals", "s3:DataAccessPointAccount", OWN))),
    ask(24, "whom Facebook signs in", "Yes", open_to_strangers, allow("s3:GetObject", Principal={"Federated": "graph.facebook.com"})),
    ask(25, "an address", "No", open_to_strangers, networks("203.0.113.7/32")),
    ask(25, "a /8", "No", open_to_strangers, networks("11.0.0.0/8")),
    ask(25, "a /7", "Yes", open_to_strangers, networks("12.0.0.0/7")),
    ask(25, "two halves", "Yes", open_to_strangers, networks(*HALVES)),
    ask(25, "forty /9", "Yes", open_to_strangers, networks(*NINTHS)),
    ask(25, "private ranges", "No", open_to_strangers, networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),
    ask(25, "a /32 of IPv6", "No", open_to_strangers, networks("2001:db8::/32")),
    ask(25, "a /31 of IPv6", "Yes", open_to_strangers, networks("2001:db8::/31")),
    ask(26, "one public statement among others", "Yes", open_to_strangers, allow("s3:GetObject", Principal={"AWS": OTHER}), for_everyone()),
    ask(26, "no public statement", "No", open_to_strangers, allow("s3:GetObject", Principal={"AWS": OTHER})),
    ask(26, "a Deny that covers it", "No", open_to_strangers, for_everyone(), deny("s3:*", Principal="*")),
    ask(26, "a Deny that covers a part of it", "Yes", open_to_strangers, for_everyone(), deny("s3:*", "arn:aws:s3:::data/private/*", Principal="*")),
    ask(27, "a function for everyone", "Yes", open_to_strangers, allow("lambda:InvokeFunctionUrl", Principal="*", **when("StringEquals", "lambda:FunctionUrlAuthType", "NONE"))),
    ask(27, "a key through a service, from one account", "No", open_to_strangers, allow("kms:Decrypt", Principal=EVERYBODY, Condition={"StringEquals": {"kms:CallerAccount": OWN, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}})),
    ask(27, "a key through a service, from anywhere", "Yes", open_to_strangers, allow("kms:Decrypt", Principal=EVERYBODY, **when("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"))),
]  # fmt: skip


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda each: f"{each.point}: {each.what}")
def test_questions(asked: Question) -> None:
    answer = asked.ask(*asked.statements)
    assert type(answer).__name__ == asked.expected
    if isinstance(answer, Yes):
        kinds = {is_administrator: IDENTITY, reads: IDENTITY, open_to_strangers: RESOURCE}
        replayed = document(kinds.get(asked.ask, TRUST), *asked.statements)
        assert evaluate([replayed], answer.witness.request).verdict is YES


# What belongs to a point and is no matter of one request, with the file and the test that prove it.
ELSEWHERE: Final = {
    11: ("tests/guardrails/aws/test_aws_values.py", "test_variables"),
    17: ("tests/guardrails/aws/test_aws_values.py", "test_a_malformed_value_is_a_problem_at_its_place"),
    23: ("tests/guardrails/aws/test_aws_federation.py", "test_public_cases"),
    27: ("tests/guardrails/rules/test_bucket_public_acl.py", "AuthenticatedUsers"),
}


@pytest.mark.parametrize("point", POINTS)
def test_every_point_is_shown_both_ways(point: int) -> None:
    verdicts = {each.expected for each in (*REQUESTS, *LAYERS) if each.point == point}
    answers = {each.expected for each in QUESTIONS if each.point == point}
    assert {YES, NO} <= verdicts or {"Yes", "No"} <= answers


def test_every_row_belongs_to_a_point() -> None:
    assert {each.point for each in (*REQUESTS, *LAYERS, *QUESTIONS)} == set(POINTS)


@pytest.mark.parametrize("point", ELSEWHERE)
def test_what_is_proven_elsewhere_is_there(point: int) -> None:
    file, name = ELSEWHERE[point]
    assert name in (Path(__file__).parents[3] / file).read_text(encoding="utf-8")
