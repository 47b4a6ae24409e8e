"""Random cases over a small alphabet, so that texts, keys and layers meet often; the same seed gives the same cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from .building import ACCOUNT, KEY, OBJECT, OTHER, QUEUE, ROLE, SESSION, STRANGER, TOPIC, USER, document
from .engine import Case

_TARGETS: Final = (
    ("s3:GetObject", OBJECT),
    ("s3:PutObject", OBJECT),
    ("s3:GetObject", "arn:aws:s3:::bucket/alice/red"),
    ("s3:ListBucket", "arn:aws:s3:::bucket"),
    ("s3:ListAllMyBuckets", "*"),
    ("sqs:SendMessage", QUEUE),
    ("sns:Publish", TOPIC),
    ("iam:GetRole", ROLE),
    ("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:work:prod"),
    ("ec2:DescribeInstances", "*"),
    ("kms:Decrypt", KEY),
)
_PRINCIPALS: Final = (USER, USER, SESSION, SESSION, STRANGER, "anonymous")
# What a key may hold, and the operators of its type with the values that a policy compares it with.
_STRINGS: Final = ("a", "b", "A", "ab", "red", "alice")
_PATTERNS: Final = (
    *_STRINGS,
    "a*",
    "*",
    "?",
    "*b",
    "r?d",
    "${aws:PrincipalTag/team}",
    "${aws:username}",
    "${aws:userid, 'a'}",
)
# Two spellings of one key; requests use the first.
_TAGS: Final = ("aws:PrincipalTag/team", "aws:PrincipalTag/Team")
_ADDRESSES: Final = ("203.0.113.7", "203.0.114.7", "10.0.0.1", "2001:db8::1")
_NETWORKS: Final = (
    "203.0.113.0/24",
    "203.0.112.0/22",
    "10.0.0.0/8",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "2001:db8::/32",
    "203.0.113.7",
)
_DATES: Final = ("2025-12-31T00:00:00Z", "2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z")
_ARNS: Final = (TOPIC, QUEUE, "arn:aws:s3:::bucket")
_ARN_PATTERNS: Final = (
    *_ARNS,
    "arn:aws:s3:::*",
    "arn:aws:*:*:*:*",
    f"arn:aws:s?s:*:{ACCOUNT}:*",
    "arn:aws:sns:us-*:*:top?c",
)
_COMPARISONS: Final = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_TEXT_OPERATORS: Final = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
)


@dataclass(frozen=True, slots=True)
class _Type:
    """A type of context keys: its keys, values of requests, operators, and values of policies."""

    keys: tuple[str, ...]
    given: tuple[str, ...]
    operators: tuple[str, ...]
    wanted: tuple[str, ...]


_TYPES: Final = (
    _Type(("aws:userid", "aws:username", "aws:UserAgent", *_TAGS), _STRINGS, _TEXT_OPERATORS, _PATTERNS),
    _Type(("aws:SourceIp",), _ADDRESSES, ("IpAddress", "NotIpAddress"), _NETWORKS),
    _Type(("aws:CurrentTime",), _DATES, tuple(f"Date{each}" for each in _COMPARISONS), _DATES),
    _Type(
        ("aws:MultiFactorAuthAge",),
        ("0", "9", "60", "100"),
        tuple(f"Numeric{each}" for each in _COMPARISONS),
        ("9", "60", "60.0"),
    ),
    _Type(("aws:SecureTransport", "aws:MultiFactorAuthPresent"), ("true", "false"), ("Bool",), ("true", "false")),
    _Type(("aws:SourceArn",), _ARNS, ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"), _ARN_PATTERNS),
)
_SETS: Final = _Type(("aws:TagKeys", "aws:CalledVia"), ("a", "b", "ab", "red"), _TEXT_OPERATORS[:4], _PATTERNS[:-3])


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def some(self, values: tuple[str, ...], most: int = 2) -> str | list[str]:
        """One value or a list."""
        found = self.random.sample(values, self.random.randint(1, most))
        return found[0] if len(found) == 1 and self.chance(60) else found

    def recased(self, text: str) -> str:
        return text.swapcase() if self.chance(10) else text

    def action(self, wanted: str) -> str:
        service, _, name = self.random.choice((wanted, wanted, *(each for each, _ in _TARGETS))).partition(":")
        place = self.random.randrange(1, len(name))
        forms = (
            name,
            name,
            "*",
            f"{name[:place]}*",
            f"*{name[place:]}",
            f"{name[:place]}?{name[place + 1 :]}",
            f"{name}?",
        )
        return "*" if self.chance(8) else self.recased(f"{service}:{self.random.choice(forms)}")

    def resource(self, wanted: str) -> str:
        if wanted == "*" or self.chance(30):
            return "*" if self.chance(75) else self.random.choice([each for _, each in _TARGETS])
        *head, tail = self.random.choice(
            (wanted, wanted, wanted, *(each for _, each in _TARGETS[:7] if each != "*"))
        ).split(":", 5)
        place = self.random.randrange(1, len(tail))
        tails = (
            tail,
            "*",
            f"{tail[:place]}*",
            f"{tail[:place]}?{tail[place + 1 :]}",
            tail.upper(),
            f"*{tail[place:]}",
            tail.replace("alice", "${aws:username}"),
            tail.replace("red", "${aws:PrincipalTag/team, 'red'}"),
        )
        for index in (3, 4):
            if head[index] and self.chance(30):
                head[index] = self.random.choice(("*", f"{head[index][:3]}*", f"?{head[index][1:]}"))
        return ":".join((*head, self.random.choice(tails)))

    def conditions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self.random.choice((1, 1, 1, 2))):
            if self.chance(12):
                key = self.random.choice(self.random.choice((*_TYPES, _SETS)).keys)
                found.setdefault("Null", {})[key] = self.random.choice(("true", "false"))
                continue
            several = self.chance(25)
            chosen = _SETS if several else self.random.choice(_TYPES)
            form = self.random.choice(chosen.operators)
            if several:
                form = f"{self.random.choice(('ForAllValues', 'ForAnyValue'))}:{form}"
            elif self.chance(25):
                form += "IfExists"
            key = self.recased(self.random.choice(chosen.keys))
            if key.lower() not in map(str.lower, found.setdefault(form, {})):
                found[form][key] = self.some(chosen.wanted)
        return found

    def context(self, principal: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind in _TYPES:
            for key in kind.keys:
                if self.chance(55) and key != _TAGS[1]:
                    found[key] = self.random.choice(kind.given)
        for key in _SETS.keys:
            if self.chance(50):
                found[key] = self.random.sample(_SETS.given, self.random.randint(1, 3))
        if principal in (SESSION, "anonymous"):
            found.pop("aws:username", None)
        return found

    def statement(
        self, action: str, resource: str, *, deny: int, broad: int = 0, conditional: int = 55
    ) -> dict[str, Any]:
        if self.chance(broad):
            return {"Effect": "Allow", "Action": "*", "Resource": "*"}
        made: dict[str, Any] = {"Effect": "Deny" if self.chance(deny) else "Allow"}
        actions = [self.action(action) for _ in range(self.random.choice((1, 1, 2)))]
        made["NotAction" if self.chance(12) else "Action"] = actions[0] if len(actions) == 1 else actions
        resources = [self.resource(resource) for _ in range(self.random.choice((1, 1, 2)))]
        made["NotResource" if self.chance(12) else "Resource"] = resources[0] if len(resources) == 1 else resources
        if self.chance(conditional):
            made["Condition"] = self.conditions()
        return made

    def policy(self, action: str, resource: str, **options: int) -> dict[str, Any]:
        return document(
            *(self.statement(action, resource, **options) for _ in range(self.random.choice((1, 1, 2, 2, 3))))
        )

    def named(self, policy: dict[str, Any], principal: str) -> dict[str, Any]:
        """The policy with principals, as a resource has one."""
        account = OTHER if principal == STRANGER else ACCOUNT
        root = f"arn:aws:iam::{account}:root"
        for statement in policy["Statement"]:
            who = [
                "*",
                {"AWS": "*"},
                {"AWS": USER},
                {"AWS": ROLE},
                {"AWS": account},
                {"AWS": root},
                {"AWS": [STRANGER, SESSION]},
            ]
            if principal.startswith("arn:"):
                who += [{"AWS": principal}] * 3
            statement["Principal"] = self.random.choice(who)
            if statement["Effect"] == "Allow" and self.chance(8):
                statement["NotPrincipal"] = {"AWS": [self.random.choice((USER, STRANGER, ROLE))]}
                del statement["Principal"]
        return policy

    def case(self, name: str) -> Case:
        principal = self.random.choice(_PRINCIPALS)
        targets = [
            each
            for each in _TARGETS
            if principal == USER or not each[0].startswith(("iam", "lambda", "ec2", "s3:List"))
        ]
        action, resource = self.random.choice(targets)
        grants = {"deny": 20, "broad": 12}
        ceiling = {"deny": 25, "broad": 65, "conditional": 40}
        layers: dict[str, Any] = {}
        signed = principal != "anonymous"
        takes_policy = not action.startswith(("iam:", "ec2:", "s3:ListAll"))
        if signed and self.chance(85):
            layers["identity"] = [self.policy(action, resource, **grants) for _ in range(self.random.choice((1, 1, 2)))]
        if takes_policy and (principal != USER or action.startswith("kms:") or self.chance(30)):
            layers["resource"] = self.named(self.policy(action, resource, **grants), principal)
        if signed and self.chance(20):
            layers["boundary"] = [self.policy(action, resource, **ceiling)]
        if principal == SESSION and self.chance(40):
            layers["session"] = self.policy(action, resource, **ceiling)
        if signed and self.chance(20):
            levels = range(self.random.choice((1, 2)))
            layers["service_control"] = [[self.policy(action, resource, **ceiling)] for _ in levels]
        if takes_policy and self.chance(12):
            # The language of these has Deny only, and neither NotAction nor all actions.
            control = self.statement(action, resource, deny=100)
            control.pop("NotAction", None)
            service = action.partition(":")[0]
            layers["resource_control"] = [[document({**control, "Principal": "*", "Action": f"{service}:*"})]]
        asked = {"principal": principal, "action": action, "resource": resource, "account": ACCOUNT}
        return Case(name, layers, {**asked, "context": self.context(principal)})


def generated(seed: int) -> Iterator[Case]:
    """Cases without end."""
    maker = _Maker(Random(seed))  # noqa: S311 -- the same cases for the same seed
    number = 0
    while True:
        yield maker.case(f"seed {seed} number {number}")
        number += 1
