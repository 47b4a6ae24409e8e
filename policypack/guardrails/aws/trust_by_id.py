"""Trust policies that let in whoever knows an external id.

The id tells the customers of a named third party apart; it is no secret, and says nothing of who calls (IAM User Guide,
"Access to AWS accounts owned by third parties").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from .answers import No, Undecided, Yes
from .authority import Authority
from .caller_keys import NARROW, stranger_domains
from .callers import foreign, stranger_account
from .document import Document, Effect, Statement
from .domains import FREE, Domain
from .goals import Question, Requests
from .search import find
from .state import Budget
from .trust_actions import ASSUME

_ID: Final = "sts:externalid"


def admitted_by_id(document: Document) -> tuple[Yes | Undecided, ...]:
    """An answer for each Allow statement by which a stranger who knows the external id assumes the role.

    A stranger is a principal of an account that the document does not name; the answer's path is that of Principal.
    """
    return tuple(_admitted(document))


def _admitted(document: Document) -> Iterator[Yes | Undecided]:
    account = stranger_account((document,), frozenset())
    caller, budget, authority = foreign(account), Budget(), Authority.of((document,))
    without_it = stranger_domains(caller, account, frozenset())

    def domain(key: str) -> Domain:
        return FREE if key == _ID else without_it(key)

    for statement in document.statements:
        asks_for_id = any(each.key.lower() == _ID for each in statement.conditions)
        if statement.effect is Effect.DENY or not asks_for_id:
            continue
        requests = Requests(caller, domain, (ASSUME,), ("*",), narrow=NARROW)
        answer = find(_of_one(authority, statement), requests, budget=budget)
        if isinstance(answer, Yes):
            yield replace(answer, path=statement.principal_path)
        elif not isinstance(answer, No):
            yield answer


def _of_one(authority: Authority, statement: Statement) -> Question:
    return Question(authority, only=lambda each: each is statement)
