"""A second, independent reading of the AWS policy language: what becomes of one concrete call.

Written from the AWS documentation alone and in the plainest way (raw JSON in, no preparation, no sharing with the
product), so that a mistake of the product is not repeated here. Truths are three-valued: ``None`` stands for "AWS does
not say", which covers elements that AWS refuses to store.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from operator import eq, ge, gt, le, lt
from typing import Any, Literal

Truth = bool | None
Document = tuple[dict[str, Any], str]
Context = dict[str, str | list[str]]


class Verdict(Enum):
    """What becomes of a call; ``UNCLEAR`` where AWS does not say or would not have stored the document."""

    ALLOWED = "allowed"
    DENIED_EXPLICITLY = "denied explicitly"
    DENIED_IMPLICITLY = "denied implicitly"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Call:
    """One request. Kinds of principal: ``AWS``, ``Service``, ``Federated``, ``CanonicalUser``, ``anonymous``."""

    principal_kind: str
    principal: str
    action: str
    resource: str
    context: Context = field(default_factory=dict)


class NoValueError(Exception):
    """A policy variable whose key is not in the request: nothing is equal to it, nothing is like it."""


class UnclearError(Exception):
    """A text that AWS gives no reading for."""


def decide(documents: Sequence[Document], call: Call) -> Verdict:
    """Decide the call under documents of which any may allow; each is (policy, "identity" | "trust" | "resource")."""
    return decide_layers([[list(documents)]], [], call)


def decide_layers(
    paths: Sequence[Sequence[Sequence[Document]]], denies_from: Sequence[Document], call: Call
) -> Verdict:
    """Allowed if no Deny of any document matches and in some path each clause has a statement that allows."""
    granting = [document for path in paths for clause in path for document in clause]
    denied = any_of(effect_of(document, "Deny", call) for document in [*granting, *denies_from])
    allowed = any_of(
        all_of(any_of(effect_of(document, "Allow", call) for document in clause) for clause in path) for path in paths
    )
    if denied:
        return Verdict.DENIED_EXPLICITLY
    if allowed is False:
        return Verdict.DENIED_IMPLICITLY
    return Verdict.ALLOWED if allowed and denied is False else Verdict.UNCLEAR


def all_of(truths: Iterable[Truth]) -> Truth:
    """False if one is, else unclear if one is, else True."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if one is, else unclear if one is, else False."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def opposite(truth: Truth) -> Truth:
    """The complement; unclear stays unclear."""
    return None if truth is None else not truth


def listed(value: object) -> list[Any]:
    """A JSON value that may be written alone or as a list."""
    return value if isinstance(value, list) else [value]


# Documents and statements

POLICY_ELEMENTS = {"Version", "Id", "Statement"}
STATEMENT_ELEMENTS = {
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
}
FEDERATED_ACTIONS = {"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"}
TRUST_ACTIONS = {"sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext"} | FEDERATED_ACTIONS


def effect_of(document: Document, effect: str, call: Call) -> Truth:
    """Whether a statement of the document with this effect matches the call."""
    policy, kind = document
    if kind == "trust" and not trust_speaks_of(call):
        return False
    version = policy.get("Version", "2008-10-17")
    readable = set(policy) <= POLICY_ELEMENTS and version in ("2008-10-17", "2012-10-17") and "Statement" in policy
    found = [
        all_of([has_effect(statement, effect), statement_matches(statement, kind, call, version == "2012-10-17")])
        for statement in listed(policy.get("Statement"))
    ]
    return all_of([readable or None, any_of(found)])


def trust_speaks_of(call: Call) -> bool:
    """Tokens of a provider take their own two actions, everybody else the plain one; the rest is for all."""
    action = call.action.lower()
    other = {"sts:assumerole"} if call.principal_kind == "Federated" else FEDERATED_ACTIONS
    return action in TRUST_ACTIONS - other


def has_effect(statement: object, effect: str) -> Truth:
    """Whether the statement allows (denies); unclear when it says neither."""
    said = statement.get("Effect") if isinstance(statement, dict) else None
    return said == effect if said in ("Allow", "Deny") else None


def statement_matches(statement: object, kind: str, call: Call, variables: bool) -> Truth:
    """Whether principal, action, resource and every condition entry match."""
    if not isinstance(statement, dict):
        return None
    return all_of(
        [
            set(statement) <= STATEMENT_ELEMENTS or None,
            principal_element(statement, kind, call),
            either(statement, "Action", lambda pattern: action_matches(pattern, call.action)),
            resource_element(statement, kind, call, variables),
            conditions_hold(statement.get("Condition", {}), call.context, variables),
        ]
    )


def either(statement: dict[str, Any], name: str, matches: Callable[[str], Truth]) -> Truth:
    """An element and its Not twin: exactly one of them, with at least one text."""
    negated = "Not" + name
    if (name in statement) == (negated in statement):
        return None
    patterns = listed(statement[negated] if negated in statement else statement[name])
    if not patterns:
        return None
    found = any_of(matches(pattern) if isinstance(pattern, str) else None for pattern in patterns)
    return opposite(found) if negated in statement else found


# Action

ACTION_PATTERN = re.compile(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")


def action_matches(pattern: str, action: str) -> bool:
    """Case does not count; a text that names no action matches none."""
    if set(pattern) == {"*"}:
        return True
    return bool(ACTION_PATTERN.fullmatch(pattern)) and glob_matches(plain(pattern.lower()), action.lower())


# Texts with wildcards and variables: lists of (sort, text), the sorts being text, value, many and one

Token = tuple[str, str]


def plain(text: str) -> list[Token]:
    """The tokens of a text without variables."""
    return [("many" if char == "*" else "one" if char == "?" else "text", char) for char in text]


def glob_matches(tokens: Sequence[Token], text: str) -> bool:
    """Whether the whole text is like the tokens."""
    expression = "".join(
        ".*" if sort == "many" else "." if sort == "one" else re.escape(written) for sort, written in tokens
    )
    return re.fullmatch(expression, text, re.DOTALL) is not None


def resolve(text: str, context: Context, variables: bool) -> list[Token]:
    """Put in the variables. Raises NoValueError where a key is absent and UnclearError where the text is no variable."""
    if not variables:
        return plain(text)
    tokens: list[Token] = []
    while "${" in text:
        before, text = text.split("${", 1)
        inner = re.match(r"([^'}]*)(?:'([^']*)'\s*)?\}", text)
        if inner is None:
            raise UnclearError
        tokens += [*plain(before), ("value", value_of_variable(inner.group(1), inner.group(2), context))]
        text = text[inner.end() :]
    return [*tokens, *plain(text)]


def value_of_variable(name: str, default: str | None, context: Context) -> str:
    """The text that stands for ``${name}`` or ``${name, 'default'}``."""
    if default is not None:
        if not name.rstrip().endswith(","):
            raise UnclearError
        name = name.rstrip()[:-1]
    elif name in ("*", "?", "$"):
        return name
    name = name.strip()
    if not name or re.search(r"[\s,*?$'{]", name):
        raise UnclearError
    values = lookup(name, context)
    if len(values) > 1:
        raise UnclearError
    if values:
        return values[0]
    if default is None:
        raise NoValueError
    return default


def lookup(key: str, context: Context) -> list[str]:
    """The values of a key, whose case does not count; empty when the request does not have it."""
    for name, value in context.items():
        if name.lower() == key.lower():
            return listed(value)
    return []


# Resource


def resource_element(statement: dict[str, Any], kind: str, call: Call, variables: bool) -> Truth:
    """A trust document speaks of its role; a resource document without the element of what it is attached to."""
    absent = "Resource" not in statement and "NotResource" not in statement
    if kind == "trust":
        return True if absent else None
    if kind == "resource" and absent:
        return True
    return either(statement, "Resource", lambda pattern: resource_matches(pattern, call, variables))


def resource_matches(pattern: str, call: Call, variables: bool) -> Truth:
    """Segment by segment; missing segments are open; what only a wildcard across segments would match is unclear."""
    try:
        tokens = resolve(pattern, call.context, variables)
    except NoValueError:
        return False
    except UnclearError:
        return None
    if tokens and all(sort == "many" for sort, _ in tokens):
        return True
    if call.resource == "*":
        return False
    segments = segments_of(tokens)
    if segments_match(completed(segments), call.resource):
        # A variable has its place in the last segment only.
        return None if any(sort == "value" for segment in segments[:5] for sort, _ in segment) else True
    return None if glob_matches(tokens, call.resource) else False


def segments_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut at the first five colons that are written, not put in by a variable."""
    segments: list[list[Token]] = [[]]
    for token in tokens:
        if token == ("text", ":") and len(segments) < 6:
            segments.append([])
        else:
            segments[-1].append(token)
    return segments


def completed(segments: list[list[Token]]) -> list[list[Token]]:
    """Six segments, the missing ones open."""
    return segments + [[("many", "*")] for _ in range(6 - len(segments))]


def segments_match(segments: Sequence[Sequence[Token]], arn: str) -> bool:
    """Each segment like its counterpart."""
    parts = arn.split(":", 5)
    return len(parts) == len(segments) and all(
        glob_matches(segment, part) for segment, part in zip(segments, parts, strict=True)
    )


# Principal


def principal_element(statement: dict[str, Any], kind: str, call: Call) -> Truth:
    """Identity documents have no such element; elsewhere a statement without it matches nobody."""
    has, has_not = "Principal" in statement, "NotPrincipal" in statement
    if kind == "identity":
        return None if has or has_not else True
    if has and has_not:
        return None
    if has:
        return any_of(matches for _, matches in names_matching(statement["Principal"], call))
    if has_not:
        return None if kind == "trust" else not_principal(statement, call)
    return False


def not_principal(statement: dict[str, Any], call: Call) -> Truth:
    """Everybody but those named. A Deny exempts for certain only who is named together with the account."""
    found = names_matching(statement["NotPrincipal"], call)
    named = any_of(matches for _, matches in found)
    if statement.get("Effect") != "Deny" or named is not True or call.principal_kind != "AWS":
        return opposite(named)
    names = {name for name, matches in found if matches}
    account = [*call.principal.split(":"), *[""] * 4][4]
    with_account = account in names or any(name.endswith(f"::{account}:root") for name in names)
    return False if with_account and call.principal in names else None


def names_matching(element: object, call: Call) -> list[tuple[str, Truth]]:
    """Each name of a Principal element and whether it stands for the caller."""
    if element == "*":
        return [("*", True)]
    if not isinstance(element, dict) or not element:
        return [("", None)]
    return [
        (name, name_matches(kind, name, call)) if isinstance(name, str) else ("", None)
        for kind, names in element.items()
        for name in listed(names)
    ]


def name_matches(kind: str, name: str, call: Call) -> Truth:
    """Whether a name of this kind stands for the caller."""
    if kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
        return None
    if kind == "AWS" and name == "*":
        return True
    if kind != call.principal_kind:
        return False
    if kind != "AWS" or name == call.principal:
        # A wildcard in a name is refused; were it stored, it might mean the caller.
        return name == call.principal or (None if glob_matches(plain(name), call.principal) else False)
    _, partition, _, _, account, entity, *_ = [*call.principal.split(":", 5), *[""] * 5]
    role = re.fullmatch(r"assumed-role/([^/]+)/.*", entity)
    prefix = f"arn:{partition}:iam::{account}:role/"
    if "*" in name or "?" in name:
        itself = [call.principal, f"arn:{partition}:iam::{account}:root", *([prefix + role[1]] if role else [])]
        return None if any(glob_matches(plain(name), each) for each in itself) else False
    if re.fullmatch(r"\d{12}", name):
        return name == account
    if not re.fullmatch(r"arn:[^:]*:(iam|sts)::\d{12}:.+", name):
        return None
    if name == f"arn:{partition}:iam::{account}:root":
        return True
    return role is not None and name.startswith(prefix) and name.rsplit("/", 1)[-1] == role[1]


# Condition


def conditions_hold(condition: object, context: Context, variables: bool) -> Truth:
    """Every operator and every key of it."""
    if not isinstance(condition, dict):
        return None
    return all_of(
        entry_holds(operator, key, listed(values), context, variables)
        for operator, entries in condition.items()
        for key, values in (entries.items() if isinstance(entries, dict) else [("", None)])
    )


def entry_holds(operator: str, key: str, written: list[Any], context: Context, variables: bool) -> Truth:
    """One key under one operator."""
    name = re.fullmatch(r"(ForAllValues:|ForAnyValue:)?([A-Za-z]+?)(IfExists)?", operator)
    texts = [text_of(value) for value in written]
    if name is None or not key or not texts or None in texts:
        return None
    prefix, base, if_exists = name.groups()
    actual = lookup(key, context)
    if base == "Null":
        return None if prefix or if_exists else null_holds([str(text) for text in texts], actual)
    if base not in TESTS:
        return None
    negated = TESTS[base][1]

    def holds_for(value: str) -> Truth:
        found = [value_holds(base, str(text), value, context, variables) for text in texts]
        known = any_of(truth for truth in found if truth != "no value")
        if negated:
            return opposite(known)
        # Whether a variable without value voids the statement though another value matches, AWS does not say.
        return None if known and "no value" in found else known

    if prefix == "ForAllValues:":
        return all_of(holds_for(value) for value in actual) if any(actual) else True
    if prefix == "ForAnyValue:":
        # Whether IfExists overrides an absent key here, AWS does not say.
        return any_of(holds_for(value) for value in actual) if any(actual) else None if if_exists else False
    if not actual:
        return negated or if_exists is not None
    return holds_for(actual[0]) if len(actual) == 1 else None


def text_of(value: object) -> str | None:
    """JSON scalars as text; None for what is no scalar."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None


def null_holds(texts: list[str], actual: list[str]) -> Truth:
    """``true``: the request does not have the key; ``false``: it has. An empty text is neither for certain."""
    wanted = {text.lower() for text in texts}
    if len(wanted) > 1 or not wanted <= {"true", "false"} or (actual and not any(actual)):
        return None
    return (not actual) == (wanted == {"true"})


Test = Callable[[list[Token], str], Truth]


def value_holds(base: str, written: str, value: str, context: Context, variables: bool) -> Truth | Literal["no value"]:
    """One value of the request against one of the policy; only texts and ARNs have variables."""
    try:
        return TESTS[base][0](resolve(written, context, variables and base.startswith(("String", "Arn"))), value)
    except NoValueError:
        return "no value"
    except UnclearError:
        return None


def literal(tokens: list[Token]) -> str:
    """The text of tokens whose wildcards mean themselves."""
    return "".join(text for _, text in tokens)


def arn_like(tokens: list[Token], value: str) -> Truth:
    """The six components separately; what a pattern with fewer of them means is not said."""
    segments = segments_of(tokens)
    if len(segments) == 6:
        return segments_match(segments, value)
    return None if glob_matches(tokens, value) or segments_match(completed(segments), value) else False


def compare(read: Callable[[str], Any], relation: Callable[[Any, Any], bool]) -> Test:
    """A relation of what the texts stand for; ``read`` raises UnclearError for what it cannot read."""
    return lambda tokens, value: relation(read(value), read(literal(tokens)))


def number(text: str) -> Decimal:
    """An integer or a decimal number."""
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII):
        raise UnclearError
    return Decimal(text)


def moment(text: str) -> datetime:
    """A date or seconds of the epoch. Four digits could be either: unclear."""
    try:
        if re.fullmatch(r"\d{5,}", text, re.ASCII):
            return datetime.fromtimestamp(int(text), UTC)
        if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text, re.ASCII):
            return datetime.fromisoformat((text + "-01")[:10]).replace(tzinfo=UTC)
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", text, re.ASCII):
            return datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise UnclearError from None
    raise UnclearError


def truth_value(text: str) -> bool:
    """Written true or false in any case."""
    if text.lower() not in ("true", "false"):
        raise UnclearError
    return text.lower() == "true"


def octets(text: str) -> bytes:
    """What is written in base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise UnclearError from None


def ip_address(tokens: list[Token], value: str) -> Truth:
    """An address in a range of its own family; a range without prefix length is one address."""
    written = literal(tokens)
    if not re.fullmatch(r"[0-9A-Fa-f:.]+(/\d+)?", written, re.ASCII):
        return None
    try:
        network, address = ipaddress.ip_network(written, strict=False), ipaddress.ip_address(value)
    except ValueError:
        return None
    return network.version == address.version and address in network


# Each operator: the test and whether it is negated.
TESTS: dict[str, tuple[Test, bool]] = {
    "StringEquals": (compare(str, eq), False),
    "StringNotEquals": (compare(str, eq), True),
    "StringEqualsIgnoreCase": (compare(str.lower, eq), False),
    "StringNotEqualsIgnoreCase": (compare(str.lower, eq), True),
    "StringLike": (glob_matches, False),
    "StringNotLike": (glob_matches, True),
    "ArnEquals": (arn_like, False),
    "ArnLike": (arn_like, False),
    "ArnNotEquals": (arn_like, True),
    "ArnNotLike": (arn_like, True),
    "NumericEquals": (compare(number, eq), False),
    "NumericNotEquals": (compare(number, eq), True),
    "NumericLessThan": (compare(number, lt), False),
    "NumericLessThanEquals": (compare(number, le), False),
    "NumericGreaterThan": (compare(number, gt), False),
    "NumericGreaterThanEquals": (compare(number, ge), False),
    "DateEquals": (compare(moment, eq), False),
    "DateNotEquals": (compare(moment, eq), True),
    "DateLessThan": (compare(moment, lt), False),
    "DateLessThanEquals": (compare(moment, le), False),
    "DateGreaterThan": (compare(moment, gt), False),
    "DateGreaterThanEquals": (compare(moment, ge), False),
    "Bool": (compare(truth_value, eq), False),
    "BinaryEquals": (compare(octets, eq), False),
    "IpAddress": (ip_address, False),
    "NotIpAddress": (ip_address, True),
}
