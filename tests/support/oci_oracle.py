"""A second reading of OCI policies, written from the documentation alone, and worlds so small that it tries them whole.

Statements are plain data that print as text, so that what is held against it reads the text with its own parser. Only
the part of the language is here that the worlds need: no other tenancies, no operations, no dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random
from typing import Final

Request = Mapping[str, str]

# A name that no statement of any world holds, and that no pattern matches but the one for everything.
NEW: Final = "x9-new"


@dataclass(frozen=True)
class Check:
    """A test; values stand as they are written, in quotes or between slashes."""

    variable: str
    operator: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        match self.operator:
            case "present":
                return self.variable
            case "absent":
                return f"!{self.variable}"
            case "in" | "not in":
                return f"{self.variable} {self.operator} ({', '.join(self.values)})"
            case _:
                return f"{self.variable} {self.operator} {self.values[0]}"


@dataclass(frozen=True)
class Several:
    """`all` or `any` of some conditions."""

    word: str
    members: tuple[Check | Several, ...]

    def __str__(self) -> str:
        return f"{self.word} {{{', '.join(map(str, self.members))}}}"


Condition = Check | Several


def checks(condition: Condition | None) -> Iterator[Check]:
    if isinstance(condition, Check):
        yield condition
    elif condition is not None:
        for member in condition.members:
            yield from checks(member)


def holds(condition: Condition | None, request: Request) -> bool:
    """Whether a request, with its variables in lower case, meets a condition."""
    if condition is None:
        return True
    if isinstance(condition, Several):
        answers = [holds(member, request) for member in condition.members]
        return all(answers) if condition.word == "all" else any(answers)
    value = request.get(condition.variable.lower())
    if condition.operator == "absent":
        return value is None
    if value is None:
        return False
    hit = any(_same(wanted, value) for wanted in condition.values)
    return {"=": hit, "in": hit, "!=": not hit, "not in": not hit, "present": True}[condition.operator]


@cache
def _same(wanted: str, value: str) -> bool:
    text = wanted[1:-1]
    if wanted[0] == "'":
        return text.lower() == value.lower()
    expression = ".*".join(re.escape(part) for part in text.split("*"))
    return re.fullmatch(expression, value, re.IGNORECASE | re.DOTALL) is not None


VERBS: Final = ("inspect", "read", "use", "manage")
TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "buckets": {
        "inspect": "BUCKET_INSPECT",
        "read": "BUCKET_READ",
        "use": "BUCKET_UPDATE",
        "manage": "BUCKET_CREATE BUCKET_DELETE PAR_MANAGE RETENTION_RULE_MANAGE RETENTION_RULE_LOCK",
    },
    "objects": {
        "inspect": "OBJECT_INSPECT",
        "read": "OBJECT_READ",
        "use": "OBJECT_OVERWRITE",
        "manage": "OBJECT_CREATE OBJECT_DELETE OBJECT_VERSION_DELETE OBJECT_RESTORE OBJECT_UPDATE_TIER",
    },
    "objectstorage-namespaces": {"read": "OBJECTSTORAGE_NAMESPACE_READ", "manage": "OBJECTSTORAGE_NAMESPACE_UPDATE"},
    "fn-app": {"inspect": "FN_APP_LIST", "read": "FN_APP_READ", "manage": "FN_APP_CREATE FN_APP_DELETE FN_APP_UPDATE"},
    "fn-function": {
        "inspect": "FN_FUNCTION_LIST",
        "read": "FN_FUNCTION_READ",
        "manage": "FN_FUNCTION_CREATE FN_FUNCTION_DELETE FN_FUNCTION_UPDATE",
    },
    "fn-invocation": {"use": "FN_INVOCATION"},
}
FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "object-family": ("objectstorage-namespaces", "buckets", "objects"),
    "functions-family": ("fn-app", "fn-function", "fn-invocation"),
    "all-resources": tuple(TYPES),
}


@cache
def permissions(action: str, *, denies: bool = False) -> frozenset[str]:
    """What `verb type` or `{A, B}` grants; a deny takes away the verb and all above it."""
    if action.startswith("{"):
        return frozenset(re.findall(r"\w+", action))
    verb, _, resource_type = action.partition(" ")
    rung = VERBS.index(verb)
    reached = VERBS[rung:] if denies else VERBS[: rung + 1]
    return frozenset(
        name
        for member in FAMILIES.get(resource_type, (resource_type,))
        for each in reached
        for name in TYPES[member].get(each, "").split()
    )


# Who belongs to what; the last of them is an administrator of the tenancy.
CALLERS: Final[Mapping[str, frozenset[str]]] = {
    "ann": frozenset({"group A"}),
    "bob": frozenset({"group B"}),
    "cid": frozenset({"group A", "group B"}),
    "function": frozenset({"dynamic-group D"}),
    "agent": frozenset({"service S"}),
    "stranger": frozenset(),
    "root": frozenset({"group Administrators"}),
}
PLACES: Final = ((), ("x",), ("x", "y"), ("z",))


@dataclass(frozen=True)
class Said:
    """An allow or deny statement. `subject` and `place` are as they are written, the names of groups without quotes."""

    denies: bool
    subject: str
    action: str
    place: str
    condition: Condition | None = None

    def __str__(self) -> str:
        where = f" where {self.condition}" if self.condition is not None else ""
        return f"{'deny' if self.denies else 'allow'} {self.subject} to {self.action} in {self.place}{where}"

    def speaks_of(self, caller: str, permission: str, place: tuple[str, ...], request: Request) -> bool:
        path = () if self.place == "tenancy" else tuple(self.place.lower().partition(" ")[2].split(":"))
        return (
            _is_about(self.subject, caller)
            and permission in permissions(self.action, denies=self.denies)
            and place[: len(path)] == path
            and holds(self.condition, {**request, "request.permission": permission})
        )


def _is_about(subject: str, caller: str) -> bool:
    if subject == "any-user":
        return True
    if subject == "any-group":
        return any("group" in one for one in CALLERS[caller])
    kind, _, names = subject.partition(" ")
    return any(f"{kind} {name}" in CALLERS[caller] for name in names.split(", "))


def allowed(statements: Iterable[Said], caller: str, permission: str, place: tuple[str, ...], request: Request) -> bool:
    """Whether a request is allowed: some statement allows it, and none denies it to one who is no administrator."""
    speaking = [said for said in statements if said.speaks_of(caller, permission, place, request)]
    exempt = "group Administrators" in CALLERS[caller]
    return any(not said.denies for said in speaking) and (exempt or not any(said.denies for said in speaking))


TEXTS: Final = tuple("".join(letters) for length in (1, 2, 3) for letters in product("ab", repeat=length))


LITERALS: Final = ("'a'", "'A'", "'b'", "'ab'", "'a*'")
PATTERNS: Final = ("/*/", "/a*/", "/*b/", "/A/", "/*a*/", "/b*a/")


def check(random: Random, variables: Mapping[str, Sequence[str]]) -> Check:
    """A test of one of some variables, each with the values it may be compared with."""
    variable = random.choice(sorted(variables))
    operator = random.choice(["=", "!=", "=", "!=", "in", "not in", "present", "absent"])
    count = {"in": random.randint(1, 3), "not in": random.randint(1, 3), "present": 0, "absent": 0}.get(operator, 1)
    return Check(variable, operator, tuple(random.choices(variables[variable], k=count)))


def condition(random: Random, variables: Mapping[str, Sequence[str]], depth: int = 2) -> Condition:
    """A condition on some variables, at most so deep."""
    if depth == 0 or random.random() < 0.3:
        return check(random, variables)
    members = tuple(condition(random, variables, depth - 1) for _ in range(random.randint(1, 3)))
    return Several(random.choice(["all", "any"]), members)


def worlds(domains: Mapping[str, Iterable[str | None]]) -> Iterator[Request]:
    """Each request that takes a value for each variable from its domain; None is for a request without it."""
    for chosen in product(*domains.values()):
        yield {name: value for name, value in zip(domains, chosen, strict=True) if value is not None}
