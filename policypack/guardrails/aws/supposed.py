"""What the policy of a resource refuses, whatever else its callers are granted: only its Denys are asked.

A caller is supposed to hold every grant, so that each request counts that no Deny of the policy takes away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from .accounts import account_of, is_account
from .answers import Answer, No, Undecided, Yes, first
from .authority import Authority
from .caller_keys import domains_of
from .callers import ANY_ROLE, named_callers, named_principals, stranger_account
from .document import Condition, Document, Effect, Kind, Statement, parse
from .evaluate import ANONYMOUS, Principal, action_truth
from .goals import Question, Requests
from .operators import TEXTUAL, Family, operator_of
from .plain_requests import as_plain, in_plain, tls_readings
from .search import find
from .state import Budget
from .truth import Truth

# Whatever an unknown value turns out to be, this stands for it.
_SOME: Final = {Family.IP: "203.0.113.7/32"}
_SOME_TEXT: Final = "arn:aws:iam::222233334444:role/some-value"
_TLS_KEYS: Final = frozenset({"aws:securetransport", "s3:tlsversion"})


def nobody_may(document: Document, actions: tuple[str, ...], resource: str) -> str | Undecided:
    """The path of a Deny because of which nobody can do any of these actions on a resource, in whatever context.

    Empty where somebody can: a Deny with an exception that can be met keeps nobody out for good.
    """
    denies = [
        each
        for each in document.statements
        if each.effect is Effect.DENY
        and any(action_truth(each, Kind.RESOURCE, ANONYMOUS, action) is not Truth.NO for action in actions)
    ]
    # Requests with TLS get past those on others, whatever else they say.
    if all(map(_on_plain_requests, denies)):
        return ""
    readable = replace(document, statements=tuple(map(_with_some_values, denies)))
    supposed, named = _supposing(readable, actions, (resource,)), _named(readable)
    answer = _first_allowed(supposed, (Requests(each, domains_of(each, named)) for each in _callers(readable)))
    if isinstance(answer, Undecided):
        return answer
    return denies[0].path if isinstance(answer, No) else ""


def about_tls(document: Document) -> list[Statement]:
    """The Denys of a document that test whether a request uses TLS and are meant for everybody, or a whole account."""
    return [
        each
        for each in document.statements
        if each.effect is Effect.DENY and _TLS_KEYS & {one.key.lower() for one in each.conditions} and _is_broad(each)
    ]


def passes_in_plain(document: Document, service: str, resources: tuple[str, ...]) -> Answer:
    """Whether the Denys of a document let somebody use any of these resources without TLS, by some action of a service.

    Patterns of resources may be given. The path is that of the first Deny about TLS, if there is one.
    """
    if any(_takes_all(each, service, resources) for each in document.statements):
        return No()
    supposed = _supposing(document, (f"{service}:*",), resources)
    named, callers = _named(document), _callers(document)
    if any(map(_names_accounts, about_tls(document))):
        # Whose Deny speaks of an account speaks of its own.
        callers = callers[1:]
    answer: Answer = No()
    for version in tls_readings(document):
        asked = (Requests(each, in_plain(domains_of(each, named), version)) for each in callers)
        answer = _first_allowed(supposed, asked)
        if isinstance(answer, No):
            return answer
    about = about_tls(document)
    if isinstance(answer, Yes):
        return replace(answer, witness=as_plain(answer.witness), path=about[0].path if about else "")
    return answer


def _takes_all(statement: Statement, service: str, resources: tuple[str, ...]) -> bool:
    """Whether a statement is the usual Deny of all that goes without TLS, which need not be searched for gaps."""
    return (
        statement.effect is Effect.DENY
        and any(each.is_everyone for each in statement.principals or ())
        and not {"*", f"{service}:*"}.isdisjoint(statement.actions or ())
        and ("*" in (statement.resources or ()) or {*resources} <= {*(statement.resources or ())})
        and len(statement.conditions) == 1
        and _on_plain_requests(statement)
    )


def _on_plain_requests(statement: Statement) -> bool:
    """Whether a statement speaks of nothing but requests without TLS."""
    return any(
        each.operator in ("Bool", "StringEquals") and each.values == ("false",)
        for each in statement.entries("aws:securetransport")
    )


def _is_broad(statement: Statement) -> bool:
    return statement.not_principals is not None or any(
        each.is_everyone or (each.kind == "AWS" and _whole_account(each.name or ""))
        for each in statement.principals or ()
    )


def _whole_account(name: str) -> str:
    return name if is_account(name) else account_of(name) if name.endswith(":root") else ""


def _named(document: Document) -> frozenset[str]:
    return named_principals((document,))


def _callers(document: Document) -> list[Principal]:
    """A role of an account that the document does not name, which may be the owner's, and whom it names."""
    account = stranger_account((document,), frozenset())
    callers = {Principal("AWS", f"arn:aws:iam::{account}{ANY_ROLE}"): None}
    callers |= dict.fromkeys(
        each for each in named_callers((document,)) if each.kind == "AWS" and each.account != account
    )
    # The user root of an account is spared where its ARN is, and others of the account are not.
    roots = {_whole_account(each.name or "") for one in document.statements for each in one.named_principals}
    callers |= {Principal("AWS", f"arn:aws:iam::{each}:root"): None for each in sorted(filter(None, roots))}
    return list(callers)


def _names_accounts(statement: Statement) -> bool:
    """Whether whole accounts are all that a statement names."""
    named = statement.principals or ()
    return bool(named) and all(each.kind == "AWS" and _whole_account(each.name or "") for each in named)


def _supposing(document: Document, actions: tuple[str, ...], resources: tuple[str, ...]) -> Document:
    """The Denys of a document beside a grant of these actions on these resources to everybody."""
    granted = {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": list(resources)}
    grant = parse({"Version": "2012-10-17", "Statement": [granted]}, Kind.RESOURCE).statements
    denies = tuple(each for each in document.statements if each.effect is Effect.DENY)
    return replace(document, statements=(*(replace(each, path="") for each in grant), *denies))


def _first_allowed(document: Document, asked: Iterable[Requests]) -> Answer:
    question, budget = Question(Authority.of((document,))), Budget()
    return first(find(question, requests, budget=budget) for requests in asked)


def _with_some_values(statement: Statement) -> Statement:
    """A statement whose exceptions can be read: whatever value an exception names, some request holds it."""
    return replace(statement, conditions=tuple(map(_with_some_value, statement.conditions)))


def _with_some_value(condition: Condition) -> Condition:
    operator = operator_of(condition.operator)
    if operator is None or not operator.negated or operator.family not in TEXTUAL | {Family.IP}:
        return condition
    some = _SOME.get(operator.family, _SOME_TEXT)
    return replace(condition, values=tuple(some if each is None else each for each in condition.values))
