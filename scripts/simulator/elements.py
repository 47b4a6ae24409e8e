"""Cases written by hand: actions, resources and variables."""

from __future__ import annotations

from collections.abc import Iterator

from .building import ACCOUNT, GRANT, OBJECT, OTHER, ROLE, TOPIC, allow, case, deny, document
from .engine import Case


def statements() -> Iterator[Case]:
    """Elements, actions and resources (points 5 to 10)."""
    for name, statement in {
        "all match": allow("s3:GetObject", OBJECT),
        "the action does not": allow("s3:PutObject", OBJECT),
        "the resource does not": allow("s3:GetObject", f"{OBJECT}2"),
        "the condition does not": allow("s3:GetObject", OBJECT, Condition={"Bool": {"aws:SecureTransport": "true"}}),
    }.items():
        yield case(f"05 {name}", statement)
    yield case("05 statements are not combined", allow("s3:GetObject", f"{OBJECT}2"), allow("s3:PutObject", OBJECT))
    complements: dict[str, dict[str, object]] = {
        "NotAction of another": {"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": "*"},
        "NotAction of the action": {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"},
        "NotAction of the service": {"Effect": "Allow", "NotAction": ["iam:*", "S3:*"], "Resource": "*"},
        "NotResource of another": {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::other/*"},
        "NotResource of the resource": {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::bucket/*"},
        "NotAction and NotResource": {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::other/*"},
    }
    for name, negative in complements.items():
        yield case(f"05 {name}", negative)
        yield case(f"05 Deny with {name}", GRANT, {**negative, "Effect": "Deny"})
    for effect in ("Allow", "Deny"):
        no_principal = document({**GRANT, "Effect": effect})
        yield case(
            f"06 resource policy without Principal: {effect}",
            *([GRANT] if effect == "Deny" else []),
            policy=no_principal,
        )
    yield case("06 unknown element", {**GRANT, "Foo": "bar"})
    yield case("06 single values and no list", identity=[{"Version": "2012-10-17", "Statement": GRANT}])

    actions = (
        "*",
        "s3:*",
        "S3:GETOBJECT",
        "s3:get*",
        "s3:*Object",
        "s3:G?tObject",
        "s3:GetObject?",
        "s3:GetObject*",
        "s3:Ge*ct",
        "s3:Get",
        "sns:*",
        "s3:*Get*Obj*",
        "s3:GetObjectAcl",
    )
    for action in actions:
        yield case(f"07 Action {action}", allow(action))
        yield case(f"07 NotAction {action}", {"Effect": "Allow", "NotAction": action, "Resource": "*"})
    for action in ("S3:GET*", "s3:*Acl", "sns:*", "*"):
        yield case(f"07 Deny of {action}", GRANT, deny(action))
    for action in (
        "s?:GetObject",
        "*:GetObject",
        "s*:Get*",
        "s3:GetObject,s3:PutObject",
        "s3:GetObject ",
        " s3:GetObject",
        "",
        "s3:",
    ):
        yield case(f"07 odd Action `{action}`", allow(action))
        yield case(f"07 odd NotAction `{action}`", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    for pattern in (
        "*",
        "arn:aws:s3:::bucket/key",
        "arn:aws:s3:::bucket/KEY",
        "arn:aws:s3:::Bucket/key",
        "arn:aws:s3:::bucket/*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::bucket",
        "arn:aws:s3:::bucket*",
        "arn:aws:s3:::*/key",
        "arn:aws:s3:::bucket/key?",
        "arn:aws:s3:::bucket/ke?",
        "arn:*:s3:::bucket/key",
        "arn:aws:*:::bucket/key",
        "arn:aws:s3:*:*:bucket/key",
        "arn:aws:s3",
        "arn:aws:sqs",
        "arn:aws:s3:::b*t/k*y",
        "arn:aws:s3:::other/*",
        "arn:aws:s3:*",
        "arn:*",
        "arn:aws:s3:*:bucket/*",
        "arn:aws:s3*bucket/key",
        "?",
        "**",
        "*/key",
    ):
        yield case(f"08 Resource {pattern}", allow("s3:GetObject", pattern))
        yield case(f"08 NotResource {pattern}", {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": pattern})
    deep = "arn:aws:s3:::bucket/a/b/c"
    colons = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:work:prod"
    for pattern in (
        "arn:aws:s3:::bucket/*/c",
        "arn:aws:s3:::bucket/a/?/c",
        "arn:aws:s3:::bucket/a/*",
        "arn:aws:s3:::bucket/b/*",
    ):
        yield case(f"08 Resource {pattern} across slashes", allow("s3:GetObject", pattern), resource=deep)
    start = f"arn:aws:lambda:us-east-1:{ACCOUNT}"
    for pattern in (
        f"{start}:*",
        f"{start}:function:*",
        f"{start}:function:work",
        f"{start}:function:work:*",
        f"{start}:function*prod",
        "arn:aws:lambda:*:*:function:work:prod",
        "arn:aws:lambda:*:function:work:prod",
        "arn:aws:lambda:us-*:*:*:*:*",
    ):
        yield case(
            f"08 Resource {pattern}", allow("lambda:*", pattern), action="lambda:InvokeFunction", resource=colons
        )
    for pattern in (
        TOPIC,
        "arn:aws:sns:*:topic",
        "arn:aws:sns:*:*:topic",
        f"arn:aws:sns:us-*-1:{ACCOUNT}:t*",
        f"arn:aws:sns:*:{OTHER}:topic",
        "arn:aws:sns:??-east-1:*:topic",
        "arn:aws:sns",
        "arn:aws:sns:us-east-1",
        f"arn:aws:sns:us-east-1:{ACCOUNT}",
    ):
        yield case(
            f"08 Resource {pattern} for a topic", allow("sns:Publish", pattern), action="sns:Publish", resource=TOPIC
        )
        yield case(
            f"08 Deny on {pattern} for a topic", allow(), deny("sns:*", pattern), action="sns:Publish", resource=TOPIC
        )

    for action in ("s3:ListAllMyBuckets", "ec2:DescribeInstances", "iam:ListUsers"):
        for pattern in ("*", "arn:aws:*", f"arn:aws:ec2:*:{ACCOUNT}:instance/*", "arn:aws:s3:::*"):
            yield case(f"09 {action} on {pattern}", allow(action, pattern), action=action, resource="*")
        beside = {"Effect": "Allow", "Action": action, "NotResource": "arn:aws:s3:::bucket"}
        yield case(f"09 {action} on all but a bucket", beside, action=action, resource="*")
    role = {"action": "iam:PutRolePolicy", "resource": ROLE}
    yield case("10 a role on a pattern of roles", allow("iam:*", f"arn:aws:iam::{ACCOUNT}:role/*"), **role)
    yield case("10 a role on a pattern of buckets", allow("iam:*", "arn:aws:s3:::*"), **role)
    yield case("10 a role on policies that AWS owns", allow("iam:*", "arn:aws:iam::aws:policy/*"), **role)


def variables() -> Iterator[Case]:
    """Policy variables (points 11 and 12)."""
    name = {"aws:username": "alice"}
    home = "arn:aws:s3:::bucket/alice"
    mine = "arn:aws:s3:::bucket/${aws:username}"
    for version in ("2012-10-17", "2008-10-17", None):
        policy = [document(allow("s3:GetObject", mine), version=version)]
        yield case(f"11 variable under version {version}", identity=policy, resource=home, context=name)
    literal = [document(allow("s3:GetObject", mine), version="2008-10-17")]
    yield case("11 variable as plain text under the old version", identity=literal, resource=mine, context=name)
    for label, pattern, resource, context in (
        ("equal", mine, home, name),
        ("another", mine, "arn:aws:s3:::bucket/bob", name),
        ("absent", mine, home, {}),
        ("key in another case", "arn:aws:s3:::bucket/${AWS:UserName}", home, name),
        ("value in another case", mine, "arn:aws:s3:::bucket/Alice", name),
        ("with a tail", f"{mine}/*", f"{home}/x", name),
        ("twice", f"{mine}/${{aws:username}}", f"{home}/alice", name),
        ("default used", "arn:aws:s3:::bucket/${aws:username, 'alice'}", home, {}),
        ("default not used", "arn:aws:s3:::bucket/${aws:username, 'bob'}", home, name),
        ("default of another text", "arn:aws:s3:::bucket/${aws:username, 'bob'}", home, {}),
        ("default without blank", "arn:aws:s3:::bucket/${aws:username,'alice'}", home, {}),
        ("default that is empty", "arn:aws:s3:::bucket/${aws:username, ''}alice", home, {}),
        (
            "tag",
            "arn:aws:s3:::bucket/${aws:PrincipalTag/team}",
            "arn:aws:s3:::bucket/red",
            {"aws:PrincipalTag/team": "red"},
        ),
        (
            "tag with the key in another case",
            "arn:aws:s3:::bucket/${aws:PrincipalTag/Team}",
            "arn:aws:s3:::bucket/red",
            {"aws:PrincipalTag/team": "red"},
        ),
        ("star escaped", "arn:aws:s3:::bucket/${*}", "arn:aws:s3:::bucket/abc", {}),
        ("question mark escaped, literal", "arn:aws:s3:::bucket/${?}", "arn:aws:s3:::bucket/?", {}),
        ("question mark escaped", "arn:aws:s3:::bucket/${?}", "arn:aws:s3:::bucket/a", {}),
        ("dollar escaped", "arn:aws:s3:::bucket/${$}a", "arn:aws:s3:::bucket/$a", {}),
        (
            "value with a star is literal",
            "arn:aws:s3:::bucket/${aws:PrincipalTag/team}",
            home,
            {"aws:PrincipalTag/team": "*"},
        ),
        ("several values", "arn:aws:s3:::bucket/${aws:TagKeys}", home, {"aws:TagKeys": ["alice", "bob"]}),
        ("bucket part", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::alice/x", name),
    ):
        yield case(
            f"11 variable in Resource: {label}", allow("s3:GetObject", pattern), resource=resource, context=context
        )
        if label not in ("equal", "another", "absent", "several values", "default used"):
            continue
        beside = {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": pattern}
        yield case(f"11 variable in NotResource: {label}", beside, resource=resource, context=context)
        yield case(f"12 variable in a Deny: {label}", GRANT, deny("s3:*", pattern), resource=resource, context=context)
    yield case("11 variable in Action", allow("s3:${aws:username}"), context={"aws:username": "GetObject"})
    team = "${aws:PrincipalTag/team}"
    for operator in ("StringEquals", "StringNotEquals", "StringLike", "StringEqualsIgnoreCase"):
        for label, context in {
            "equal": {"aws:PrincipalTag/team": "red", "aws:userid": "red"},
            "other": {"aws:PrincipalTag/team": "red", "aws:userid": "blue"},
            "in another case": {"aws:PrincipalTag/team": "RED", "aws:userid": "red"},
            "no variable": {"aws:userid": "red"},
            "no key": {"aws:PrincipalTag/team": "red"},
            "neither": {},
            "star in the variable": {"aws:PrincipalTag/team": "*", "aws:userid": "red"},
        }.items():
            statement = allow("s3:GetObject", Condition={operator: {"aws:userid": team}})
            yield case(f"12 {operator} with a variable: {label}", statement, context=context)
    for operator in ("StringEquals", "StringNotEquals"):
        statement = allow("s3:GetObject", Condition={operator: {"aws:userid": ["blue", team]}})
        yield case(f"12 {operator} with an absent variable among values", statement, context={"aws:userid": "blue"})
        yield case(f"12 {operator} with an absent variable, another value", statement, context={"aws:userid": "green"})
    same = allow("s3:GetObject", Condition={"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}})
    yield case("12 a key compared with itself", same, context={"aws:PrincipalAccount": ACCOUNT})
    yield case("12 an absent key compared with itself", same)
