"""Worlds with so few requests that the second implementation decides them all.

A set of requests is an integer with one bit for each request of the world, so that what documents allow is known at
once and what an analysis says of them can be held against it.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any, NamedTuple

from aws_oracle import (
    Call,
    Context,
    Truth,
    action_matches,
    conditions_hold,
    either,
    principal_element,
    resource_element,
    trust_speaks_of,
)

from policypack.guardrails.aws.document import Kind

Body = dict[str, Any]
Caller = tuple[str, str]
Value = str | tuple[str, ...] | None


class Requests(NamedTuple):
    """The requests of a world that are allowed (denied) for certain, and those that may be."""

    sure: int
    may: int

    def __and__(self, other: "Requests") -> "Requests":  # type: ignore[override]
        return Requests(self.sure & other.sure, self.may & other.may)

    def __or__(self, other: "Requests") -> "Requests":
        return Requests(self.sure | other.sure, self.may | other.may)

    def without(self, other: "Requests") -> "Requests":
        """Those that are in here and not in there."""
        return Requests(self.sure & ~other.may, self.may & ~other.sure)


NONE = Requests(0, 0)


@dataclass(frozen=True)
class World:
    """Callers, actions with the resources they work on, and the values of every key; and what its documents say.

    `absent_for` tells the keys that requests of some kinds of callers never carry.
    """

    kind: Kind
    callers: Sequence[Caller]
    points: Sequence[tuple[str, str]]
    keys: Mapping[str, Sequence[Value]]
    actions: Sequence[str]
    resources: Sequence[str]
    conditions: Sequence[tuple[Sequence[str], str, Sequence[Any]]]
    names: Sequence[Any] = ()
    absent_for: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def contexts(self) -> list[Context]:
        """Every combination of values."""
        return [
            {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in zip(self.keys, values, strict=True)
                if value is not None
            }
            for values in itertools.product(*self.keys.values())
        ]

    @cached_property
    def calls(self) -> list[Call]:
        """All requests, in the order of their bits."""
        return [
            Call(*caller, *point, context)
            for caller in self.callers
            for point in self.points
            for context in self.contexts
            if not set(context) & set(self.absent_for.get(caller[0], ()))
        ]

    def allowed_by(self, documents: Iterable[Body]) -> Requests:
        """What documents of the kind of this world allow when all are put together."""
        allowed = denied = NONE
        for document in documents:
            variables = document.get("Version") == "2012-10-17"
            for statement in document["Statement"]:
                found = self.matching(statement, variables)
                if statement["Effect"] == "Allow":
                    allowed |= found
                else:
                    denied |= found
        return allowed.without(denied)

    def effects(self, documents: Iterable[Body]) -> tuple[Requests, Requests]:
        """What the Allow and what the Deny statements of some documents match."""
        found = {"Allow": NONE, "Deny": NONE}
        for document in documents:
            for statement in document["Statement"]:
                found[statement["Effect"]] |= self.matching(statement, document.get("Version") == "2012-10-17")
        return found["Allow"], found["Deny"]

    def matching(self, statement: Body, variables: bool) -> Requests:
        """The requests that a statement matches."""
        kind = self.kind.value
        who = {name: statement[name] for name in ("Principal", "NotPrincipal", "Effect") if name in statement}
        what = {name: statement[name] for name in ("Action", "NotAction") if name in statement}
        where = {name: statement[name] for name in ("Resource", "NotResource") if name in statement}
        when = statement.get("Condition", {})
        return (
            self._part(who, "who", lambda call: principal_element(who, kind, call))
            & self._part(
                what, "what", lambda call: either(what, "Action", lambda pattern: action_matches(pattern, call.action))
            )
            & self._part(
                [where, variables],
                "where" if "${" in json.dumps(where) else "place",
                lambda call: resource_element(where, kind, call, variables),
            )
            & self._part([when, variables], "when", lambda call: conditions_hold(when, call.context, variables))
            & (self._part("", "trust", trust_speaks_of) if self.kind is Kind.TRUST else Requests(-1, -1))
        )

    @cached_property
    def _known(self) -> dict[str, Requests]:
        return {}

    @cached_property
    def _groups(self) -> dict[str, list[tuple[Call, int]]]:
        """For each part of a statement the requests that it cannot tell apart, as one of them and the set."""
        looks: dict[str, Callable[[Call], object]] = {
            "who": lambda call: (call.principal_kind, call.principal),
            "what": lambda call: call.action,
            "place": lambda call: call.resource,
            "where": lambda call: (call.resource, json.dumps(call.context)),
            "when": lambda call: json.dumps(call.context),
            "trust": lambda call: (call.principal_kind, call.action),
        }
        found: dict[str, list[tuple[Call, int]]] = {}
        for part, look in looks.items():
            groups: dict[object, tuple[Call, int]] = {}
            for number, call in enumerate(self.calls):
                first, bits = groups.get(look(call), (call, 0))
                groups[look(call)] = first, bits | 1 << number
            found[part] = list(groups.values())
        return found

    def _part(self, said: object, part: str, truth: Callable[[Call], Truth]) -> Requests:
        key = part + json.dumps(said)
        known = self._known.get(key)
        if known is None:
            sure = may = 0
            for call, bits in self._groups[part]:
                found = truth(call)
                sure |= bits if found else 0
                may |= bits if found is not False else 0
            known = self._known[key] = Requests(sure, may)
        return known

    def calls_in(self, bits: int) -> Iterator[Call]:
        """The requests of a set."""
        while bits:
            low = bits & -bits
            yield self.calls[low.bit_length() - 1]
            bits ^= low

    # Random documents

    def some(self, random: Random, values: Sequence[Any]) -> Any:
        """One of them alone, or a list of some."""
        count = random.choice((0, 0, 1, 2, 2, 3))
        return random.sample(values, min(count, len(values))) if count else random.choice(values)

    def statement(self, random: Random, effect: str = "") -> Body:
        """A statement of this world's words."""
        found: Body = {"Effect": effect or random.choice(("Allow", "Allow", "Deny"))}
        found[random.choice(("Action",) * 4 + ("NotAction",))] = self.some(random, self.actions)
        if self.kind is not Kind.IDENTITY:
            negated = self.kind is Kind.RESOURCE and random.random() < 0.15
            found["NotPrincipal" if negated else "Principal"] = random.choice(self.names)
        if self.kind is not Kind.TRUST:
            found[random.choice(("Resource",) * 4 + ("NotResource",))] = self.some(random, self.resources)
        condition: dict[str, Body] = {}
        for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
            operators, key, values = random.choice(self.conditions)
            operator = random.choice(operators)
            written = random.choice(("true", "false")) if operator == "Null" else self.some(random, values)
            condition.setdefault(operator, {})[key] = written
        return found | ({"Condition": condition} if condition else {})

    def document(self, random: Random, most: int = 4) -> Body:
        """A document of a few statements, the first of them an Allow."""
        body = [self.statement(random, "Allow"), *(self.statement(random) for _ in range(random.randrange(most)))]
        return {"Version": random.choice(("2012-10-17",) * 5 + ("2008-10-17",)), "Statement": body}


def subsets(values: Sequence[str], most: int) -> list[Value]:
    """No value, and every set of at most so many of them."""
    found: list[Value] = [None]
    for size in range(1, most + 1):
        found += itertools.combinations(values, size)
    return found


HOLDER = ("AWS", "the holder of the policy")
ACCOUNT = "111122223333"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
BOB = f"arn:aws:iam::{ACCOUNT}:user/bob"
STRANGER = "arn:aws:iam::777788889999:role/stranger"
ANONYMOUS = ("anonymous", "anonymous")

_TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:t"
POINTS = [
    *(("s3:GetObject", f"arn:aws:s3:::{each}") for each in ("b/a", "b/ab", "b/b", "c/a")),
    *(("s3:PutObject", f"arn:aws:s3:::{each}") for each in ("b/a", "b/ab", "c/a")),
    *(("s3:ListBucket", f"arn:aws:s3:::{each}") for each in ("a", "b", "c")),
    ("s3:ListAllMyBuckets", "*"),
    ("sns:Publish", _TOPIC),
    ("sns:Publish", f"arn:aws:sns:eu-west-1:{ACCOUNT}:a"),
    ("anyservice:AnyAction", "arn:aws:anyservice:eu-west-1::a"),
    ("anyservice:AnyAction", "*"),
]
ACTIONS = ["*", "s3:*", "s3:Get*", "S3:getobject", "s3:*Object", "s3:List*", "s?:P*", "*:P*", "sns:*", "sns:Publish"]
ACTIONS += ["s3:PutObject", "s3:ListBucket", "s3:ListAllMyBuckets", "anyservice:*", "s3:GetObject "]
RESOURCES = ["*", "arn:aws:s3:::*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::?/a*", "arn:aws:s3:::*/a"]
RESOURCES += ["arn:aws:s3:::b/a", "arn:aws:s3:::b*", "arn:aws:sns", "arn:*:*:*:*:a", _TOPIC, "arn:aws:s3:::*b"]
TEXT = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"]
TEXT += ["StringNotEqualsIgnoreCase", "StringEqualsIfExists", "StringNotLikeIfExists", "Null"]
SETS = [f"{prefix}{each}" for prefix in ("ForAllValues:", "ForAnyValue:") for each in TEXT[:6]] + ["Null"]
ONE = ["a", "b", "A", "ab", "x"]


def _with(key: str) -> list[str]:
    return [f"${{{key}}}", f"a${{{key}}}", f"${{{key}, 'a'}}", "${*}"]


WORDS = ["a", "b", "A", "ab", "*", "a*", "?", "*b"]
IDENTITY = World(
    Kind.IDENTITY,
    [HOLDER],
    POINTS,
    {"aws:username": [None, *ONE], "aws:TagKeys": subsets(["a", "b", "A", "ab"], 3)},
    ACTIONS,
    [
        *RESOURCES,
        "arn:aws:s3:::b/${aws:username}",
        "arn:aws:s3:::${aws:username, 'b'}/a",
        "arn:aws:s3:::*/${AWS:username}*",
    ],
    [(TEXT, "aws:username", WORDS), (SETS, "aws:TagKeys", [*WORDS, *_with("aws:username")[:3]])],
)
TWO_TEXTS = World(
    Kind.IDENTITY,
    [HOLDER],
    POINTS,
    {
        "aws:username": [None, *ONE],
        "aws:RequestTag/T": [None, *ONE, "aa", "*"],
        "aws:MultiFactorAuthPresent": [None, "true", "false"],
    },
    ACTIONS,
    [*RESOURCES, "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::${aws:requesttag/t}/${aws:username}"],
    [
        (TEXT, "aws:username", [*WORDS, *_with("aws:RequestTag/T")]),
        (TEXT, "aws:requestTag/t", [*WORDS, *_with("aws:username")]),
        (["Bool", "BoolIfExists", "Null"], "aws:MultiFactorAuthPresent", ["true", "false"]),
    ],
)
TYPED = World(
    Kind.IDENTITY,
    [HOLDER],
    POINTS,
    {
        "s3:max-keys": [None, "-1", "0", "0.5", "1", "5", "10", "11"],
        "aws:SourceIp": [None, "10.1.2.3", "10.200.0.1", "192.0.2.7", "8.8.8.8", "2001:db8::1", "::1"],
        "aws:SourceArn": [None, "arn:aws:sns:eu-west-1:1:t", "arn:aws:s3:::b", "arn:aws:sns:eu-west-1:1:t:x"],
    },
    ACTIONS,
    RESOURCES,
    [
        (
            [f"Numeric{each}{tail}" for each in ("Equals", "NotEquals", "LessThan", "GreaterThanEquals")
             for tail in ("", "IfExists")] + ["Null"],
            "s3:max-keys",
            ["0", "1", "10", 1, "0.5"],
        ),
        (
            ["IpAddress", "NotIpAddress", "IpAddressIfExists", "NotIpAddressIfExists", "Null"],
            "aws:SourceIp",
            ["10.0.0.0/8", "10.128.0.0/9", "192.0.2.7", "0.0.0.0/1", "128.0.0.0/1", "::/0", "2001:db8::/32", "0.0.0.0/0"],
        ),
        (
            ["ArnEquals", "ArnLike", "ArnNotLike", "ArnNotEqualsIfExists", "ArnLikeIfExists", "Null"],
            "aws:SourceArn",
            ["arn:*:*:*:*:*", "arn:aws:sns:*:1:t", "arn:aws:s3:::*", "arn:aws:sns:*:*:t*", "arn:aws:sns:eu-west-1:1:t"],
        ),
    ],
)  # fmt: skip
NAMES = [
    "*", {"AWS": "*"}, {"AWS": [ALICE]}, {"AWS": ALICE}, {"AWS": BOB}, {"AWS": ACCOUNT}, {"AWS": [ALICE, ACCOUNT]},
    {"AWS": [BOB, f"arn:aws:iam::{ACCOUNT}:root"]}, {"Service": "lambda.amazonaws.com"},
    {"Service": "lambda.amazonaws.com", "AWS": ALICE},
]  # fmt: skip
RESOURCE = World(
    Kind.RESOURCE,
    [("AWS", ALICE), ("AWS", BOB), ("AWS", STRANGER), ANONYMOUS, ("Service", "lambda.amazonaws.com")],
    POINTS,
    {"aws:username": [None, "a", "b", "ab"], "aws:RequestTag/T": [None, "a", "b", "ab", "A"]},
    ACTIONS,
    [*RESOURCES, "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:username, 'ab'}"],
    [(TEXT, "aws:username", WORDS), (TEXT, "aws:RequestTag/T", [*WORDS, *_with("aws:username")[:3]])],
    NAMES,
    {"anonymous": ["aws:username"], "Service": ["aws:username"]},
)
TRUST = World(
    Kind.TRUST,
    [("AWS", ALICE), ("AWS", STRANGER), ("Federated", "accounts.google.com"), ("Service", "lambda.amazonaws.com")],
    [(f"sts:{each}", "*") for each in ("AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "TagSession")],
    {"aws:RequestTag/T": [None, *ONE], "aws:TagKeys": subsets(["a", "b", "A"], 2)},
    [
        "*",
        "sts:*",
        "sts:AssumeRole",
        "sts:AssumeRoleWith*",
        "sts:TagSession",
        "sts:*Session",
        "sts:AssumeRoleWithWebIdentity",
    ],
    [],
    [(TEXT, "aws:RequestTag/T", WORDS), (SETS, "aws:TagKeys", [*WORDS, "${aws:RequestTag/T}"])],
    [
        *NAMES[:4],
        {"Federated": "accounts.google.com"},
        {"Federated": ["accounts.google.com", "www.amazon.com"]},
        NAMES[8],
    ],
)
WORLDS = {
    "identity": IDENTITY,
    "two texts": TWO_TEXTS,
    "typed": TYPED,
    "resource": RESOURCE,
    "trust": TRUST,
}
