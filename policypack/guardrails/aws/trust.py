"""Questions about the trust policy of a role: who may assume it that its author hardly meant to let in.

Semantics: IAM User Guide, "The confused deputy problem", "AWS JSON policy elements: Principal", and "Creating a
condition with multiple context keys or values". For callers with a token or an assertion see `federation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from ..glob import Glob, compiled, has_wildcard, tokens_of
from ..values import has_stand_in
from .answers import Answer, No, Undecided, Yes, first
from .authority import Authority
from .caller_keys import NARROW, stranger_domains
from .callers import ANY_ROLE, callers_of, foreign, stranger_account
from .conditions import without_variables
from .document import Condition, Document, Effect, Kind, PrincipalPattern, Statement, join, readable
from .domains import FREE, NEVER, Domain, Domains, Presence, account_of_arn
from .evaluate import Principal
from .goals import Question, Requests
from .operators import Family, Quantifier, operator_of
from .patterns import compiled_arn
from .search import find
from .state import Budget
from .trust_actions import ASSUME

_MAYBE_ANYONE: Final = "it cannot be read whom this names"
_SERVICE: Final = re.compile(r"([a-z0-9-]+)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.(?:amazonaws\.com(?:\.cn)?|standin0c\w+)")

# Services that take a role for resources of any customer, and that send aws:SourceArn and aws:SourceAccount when they
# assume it, so that a trust policy can ask for them; with the service as it stands in the ARN that they send. Source:
# the pages on cross-service confused deputy prevention in each service's guide. Services that run the customer's own
# code with a role (EC2, Lambda, ECS, EKS) cannot be led to use another customer's, and what is not here is not judged.
_DEPUTIES: Final[Mapping[str, str]] = {
    "amplify": "amplify",
    "appstream": "appstream",
    "bedrock": "bedrock",
    "bedrock-agentcore": "bedrock-agentcore",
    "budgets": "budgets",
    "codebuild": "codebuild",
    "codepipeline": "codepipeline",
    "comprehend": "comprehend",
    "config": "config",
    "datasync": "datasync",
    "events": "events",
    "frauddetector": "frauddetector",
    "grafana": "grafana",
    "iot": "iot",
    "lexv2": "lex",
    "logs": "logs",
    "personalize": "personalize",
    "pipes": "pipes",
    "scheduler": "scheduler",
    "ses": "ses",
    "states": "states",
    "transfer": "transfer",
    "vpc-flow-logs": "ec2",
}
_SOURCE_KEYS: Final = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})

# Keys that tell who calls, or for whom, and that a request may lack.
_TELLING: Final = frozenset(
    {"sts:externalid", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount",
     "aws:multifactorauthpresent", "aws:multifactorauthage", *_SOURCE_KEYS}
)  # fmt: skip
_TAG: Final = "aws:principaltag/"
_A_SERVICE: Final = "aws:principalisawsservice"
# Of those, the ones whose absence says as much as a stranger's value under operators that compare letter for letter.
_LACKED: Final = frozenset({"sts:externalid", "aws:principalorgid", "aws:sourceaccount", "aws:sourceorgid"})


@dataclass(frozen=True, slots=True)
class Admitted:
    """An Allow statement admits principals of an account that show nothing but that they are of it.

    That is: no external id, no second factor, and no organization that the document knows. `account` is empty where
    the principal cannot be read, and the answer then a doubt. `picked`: only some of the account's principals, which
    the document names or describes, may do so; else any that its administrators let.
    """

    statement: Statement
    account: str
    picked: bool
    answer: Yes | Undecided


@dataclass(frozen=True, slots=True)
class Deputy:
    """A service may assume the role on behalf of another account's resource.

    `source` is the service as it stands in ARNs; `bare` tells that the document names sources without an account.
    """

    statement: Statement
    service: str
    source: str
    bare: bool
    answer: Yes | Undecided


@dataclass(frozen=True, slots=True)
class Unsound:
    """A condition does not do what it says. `answer`: a request that lacks the key is allowed; `None`: the value holds
    a wildcard where none is read, so that nothing matches it."""

    statement: Statement
    condition: Condition
    answer: Yes | Undecided | None


def admitted(document: Document) -> tuple[Admitted, ...]:
    """The accounts that each Allow statement admits by their principals' word alone.

    Principals with a wildcard are left out: AWS refuses all but the plain one, which is `anyone_may_assume`'s.
    """
    ask = _Ask(document)
    return tuple(found for statement in ask.allows() for found in _admitted(ask, statement))


def _admitted(ask: _Ask, statement: Statement) -> Iterator[Admitted]:
    by_account: dict[str, list[Principal]] = {}
    for caller in ask.callers(statement):
        if caller.kind == "AWS" and caller.account and not has_wildcard(caller.name):
            by_account.setdefault(caller.account, []).append(caller)
    for account, callers in by_account.items():
        partition = callers[0].name.split(":")[1]
        anyone = Principal("AWS", f"arn:{partition}:iam::{account}{ANY_ROLE}")
        whole = ask.whether(statement, anyone, ask.bare(anyone))
        some = (ask.whether(statement, each, ask.bare(each, picked=True)) for each in callers)
        answer = first(chain([whole], some))
        if not isinstance(answer, No):
            yield Admitted(statement, account, isinstance(answer, Yes) and answer is not whole, answer)
    hidden = next((each for each in statement.principals or () if each.name is None and each.kind in ("AWS", "")), None)
    if hidden is not None and not isinstance(ask.whether(statement, ask.stranger, ask.bare(ask.stranger)), No):
        yield Admitted(statement, "", picked=False, answer=Undecided(_MAYBE_ANYONE, hidden.path))


def deputies(document: Document) -> tuple[Deputy, ...]:
    """The services of `_DEPUTIES` that each Allow statement admits for another account's resources."""
    ask = _Ask(document)
    found: list[Deputy] = []
    for statement in ask.allows():
        for pattern in statement.principals or ():
            hidden = pattern.kind == "Service" and pattern.name is None
            source = "SERVICE" if hidden else _service_in_arns(pattern)
            if source is None:
                continue
            caller = Principal("Service", pattern.name or "a service")
            answer = ask.whether(statement, caller, ask.for_another(caller))
            if not isinstance(answer, No):
                bare = any(text.startswith("arn:") and ":::" in text for text in ask.sources)
                found.append(Deputy(statement, caller.name, source, bare, answer))
    return tuple(found)


def _service_in_arns(pattern: PrincipalPattern) -> str | None:
    """How a service of `_DEPUTIES` stands in ARNs; `None` for every other principal."""
    known = _SERVICE.fullmatch(pattern.name or "") if pattern.kind == "Service" else None
    return _DEPUTIES.get(known[1]) if known else None


def any_service(document: Document) -> Answer:
    """Whether a statement that names every service, or everyone that is one, lets one assume the role for others."""
    ask, caller = _Ask(document), Principal("Service", "any-service.amazonaws.com")

    def answers() -> Iterator[Answer]:
        for statement in filter(_names_every_service, ask.allows()):
            answer = ask.whether(statement, caller, ask.for_another(caller))
            yield replace(answer, path=statement.principal_path) if isinstance(answer, Yes) else answer

    return first(answers())


def _names_every_service(statement: Statement) -> bool:
    asks_for_one = any(each.key.lower() == _A_SERVICE for each in statement.conditions)
    named = statement.principals or ()
    return any((each.kind, each.name) == ("Service", "*") or (asks_for_one and each.is_everyone) for each in named)


def unsound(document: Document) -> tuple[Unsound, ...]:
    """The conditions of Allow statements that are met by requests without the key, or by none at all."""
    ask = _Ask(document)
    return tuple(found for statement in ask.allows() for found in _unsound(ask, statement))


def _unsound(ask: _Ask, statement: Statement) -> Iterator[Unsound]:
    for condition in statement.conditions:
        key = condition.key.lower()
        if _never_matches(condition, key):
            yield Unsound(statement, condition, None)
        if not _passes_without_key(condition, key):
            continue
        answer = first(_lacking(ask, statement, key))
        if not isinstance(answer, No):
            yield Unsound(statement, condition, answer)


def _lacking(ask: _Ask, statement: Statement, key: str) -> Iterator[Answer]:
    """Whether each of those that a statement names may assume the role without a key."""
    for caller in ask.callers(statement):
        if caller.kind in ("AWS", "Service") and not has_wildcard(caller.name):
            domains = ask.for_another(caller) if caller.kind == "Service" else ask.bare(caller, picked=True)
            without = _without(key, domains)
            if without is not None:
                yield ask.whether(statement, caller, without)


def _passes_without_key(condition: Condition, key: str) -> bool:
    """Whether an entry on a key that tells who calls is also met by requests that do not carry it."""
    operator = operator_of(condition.operator)
    if operator is None or not (key in _TELLING or key.startswith(_TAG)):
        return False
    if operator.family is Family.NULL:
        return "true" in [text.lower() for text in readable(condition.values)]
    if operator.negated and key.startswith(_TAG):
        return False  # a tag that must not be there is the usual way to leave somebody out
    negated = operator.negated and operator.quantifier is not Quantifier.ANY
    return operator.if_exists or operator.quantifier is Quantifier.ALL or negated


def _never_matches(condition: Condition, key: str) -> bool:
    """Whether all values hold wildcards, and the operator compares letter for letter."""
    operator = operator_of(condition.operator)
    if operator is None or operator.family not in (Family.STRING, Family.STRING_FOLDED) or operator.negated:
        return False
    values = [_without_escapes(text) for text in condition.values if text is not None]
    known = key in _TELLING and len(values) == len(condition.values) > 0
    return known and not operator.if_exists and all(map(has_wildcard, values))


def _without_escapes(text: str) -> str:
    """The text without the escapes `${*}` and `${?}`, by which a value asks for the character itself."""
    return text.replace("${*}", "").replace("${?}", "")


@dataclass
class _Ask:
    """Questions about the statements of one document, which share one budget."""

    document: Document

    def __post_init__(self) -> None:
        self.budget = Budget()
        self.authority = Authority.of((self.document,))
        self.account = stranger_account((self.document,), frozenset())
        self.stranger = foreign(self.account)
        entries = [entry for each in self.document.statements for entry in each.conditions]
        arns = [entry.values for entry in entries if entry.key.lower() == "aws:sourcearn"]
        self.sources = readable(*arns)
        # A value that is compared letter for letter is one that no stranger brings, also where it cannot be read yet.
        self.fixed = _LACKED - {entry.key.lower() for entry in entries if not _is_literal(entry)}

    def bare(self, caller: Principal, *, picked: bool = False) -> Domains:
        """Requests of a principal that shows nothing but its own name: any of its account's, or one that is `picked`.

        What it lacks has no fixed value: an external id, a second factor, an organization that the document knows.
        """
        base = stranger_domains(caller, caller.account, frozenset())
        of_account = (compiled_arn(f"arn:*:*::{caller.account}:*"),)
        anyone = Domain(Presence.ALWAYS, shapes=of_account, plain=True, examples=(caller.name,))
        itself = Domain(Presence.ALWAYS, only=(caller.name,))

        def domain(key: str) -> Domain:
            if key == "aws:principalarn":
                if picked:
                    return anyone if caller.name.endswith(ANY_ROLE) else itself
                return replace(anyone, named=_described)
            if key == "aws:principalaccount":
                return Domain(Presence.ALWAYS, only=(caller.account,))
            if key == "aws:multifactorauthpresent":
                return Domain(only=("false",))
            if key == "aws:multifactorauthage" or key in self.fixed:
                return NEVER
            return FREE if key == "aws:userid" else base(key)

        return domain

    def for_another(self, caller: Principal) -> Domains:
        """Requests of a service for a resource of an account, and an organization, that the document does not name.

        A source without an account, as a bucket is, names nobody: who owns it tomorrow is not written in its ARN.
        """
        base = stranger_domains(caller, self.account, frozenset())
        own: list[Glob] = []
        for text in self.sources:
            own += account_of_arn(without_variables(text), fold=False)
            if has_stand_in(text) and not text.startswith("arn:"):
                own.append(compiled(f"{text}*"))
        example = f"arn:aws:any-service:us-east-1:{self.account}:any-resource"

        def domain(key: str) -> Domain:
            if key == "aws:sourcearn":
                return Domain(Presence.ALWAYS, excluded=tuple(own), plain=True, examples=(example,))
            if key in self.fixed:
                return NEVER
            if key == _A_SERVICE:
                return Domain(Presence.ALWAYS, only=("true",))
            found = base(key)
            return replace(found, presence=Presence.ALWAYS) if key in _SOURCE_KEYS else found

        return domain

    def allows(self) -> Iterator[Statement]:
        """The statements that grant, or may do so."""
        return (each for each in self.document.statements if each.effect is not Effect.DENY)

    def callers(self, statement: Statement) -> list[Principal]:
        """Whom a statement names, strangers left aside."""
        found = callers_of(statement, Kind.TRUST, self.account)
        return [each for each in found if each.account != self.account and "any-service." not in each.name]

    def whether(self, statement: Statement, caller: Principal, domains: Domains) -> Answer:
        """Whether this statement lets the caller assume the role, and no Deny of the document keeps it out."""
        question = Question(self.authority, only=lambda each: each is statement)
        requests = Requests(caller, domains, (ASSUME,), ("*",), narrow=NARROW)
        return find(question, requests, budget=self.budget)


def _is_literal(condition: Condition) -> bool:
    operator = operator_of(condition.operator)
    return operator is not None and operator.family in (Family.STRING, Family.STRING_FOLDED)


def _described(text: str, *, fold: bool) -> tuple[Glob, ...]:
    """An ARN pattern that fixes part of a role's or user's name describes all that it matches."""
    return (Glob(tokens_of(text), fold=fold),) if text.partition("/")[2].strip("*?/") else ()


def _without(key: str, domains: Domains) -> Domains | None:
    """The same requests without a key; `None` where they always carry it.

    Services are free to leave out for whom they act.
    """
    if domains(key).presence is Presence.ALWAYS and key not in _SOURCE_KEYS:
        return None
    return lambda asked: NEVER if asked == key else domains(asked)


def condition_path(found: Unsound) -> str:
    """The place of the condition in the document."""
    return found.condition.path or join(found.statement.path, "Condition")
