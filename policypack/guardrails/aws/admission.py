"""Whether one statement of a trust document admits a caller who may send one of a set of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from .answers import Answer, Undecided, Witness, Yes
from .authority import Authority
from .document import Document, Statement
from .domains import Domains
from .evaluate import Principal, Verdict, evaluate
from .goals import Question, Requests
from .search import find
from .state import Budget

_NOT_KNOWN: Final = "a-value-that-is-not-known-yet"


@dataclass(frozen=True)
class Admission:
    """One statement, one caller, one action; and the budget of the document."""

    document: Document
    statement: Statement
    caller: Principal
    action: str
    budget: Budget

    def answer(
        self, domains: Domains, note: str = "", claims: Mapping[str, str] | None = None, whatever: tuple[str, ...] = ()
    ) -> Answer:
        """Whether a token is admitted; the witness shows `claims` too, where they make no difference.

        What keys in `whatever` (lower case) are compared with does not matter where it cannot be read: a token has it.
        """
        shown = claims or {}
        found = self._answer(domains, note, shown)
        if isinstance(found, Undecided):
            told = _as_if_known(self.statement, whatever)
            if told is not self.statement:
                statements = tuple(told if each is self.statement else each for each in self.document.statements)
                assumed = replace(self, document=replace(self.document, statements=statements), statement=told)
                again = assumed._answer(domains, note, shown)
                return again if isinstance(again, Yes) else found
        return found

    def _answer(self, domains: Domains, note: str, claims: Mapping[str, str]) -> Answer:
        requests = Requests(self.caller, domains, (self.action,), ("*",))
        only = partial(_is, self.statement)
        found = find(Question(Authority.of((self.document,)), only=only), requests, note, self.budget)
        if not isinstance(found, Yes):
            return found
        request = found.witness.request
        held = {key.lower() for key in request.context}
        for key, value in claims.items():
            longer = replace(request, context={**request.context, key: value})
            if key.lower() not in held and evaluate((self.document,), longer).verdict is Verdict.ALLOWED:
                request = longer
        return Yes(Witness(request, note), found.path)


def _as_if_known(statement: Statement, keys: tuple[str, ...]) -> Statement:
    """The statement with a text for each value of some keys that cannot be read; itself where all can be."""
    if not any(None in each.values and each.key.lower() in keys for each in statement.conditions):
        return statement
    conditions = (
        replace(each, values=tuple(_NOT_KNOWN if value is None else value for value in each.values))
        if each.key.lower() in keys
        else each
        for each in statement.conditions
    )
    return replace(statement, conditions=tuple(conditions))


def _is(statement: Statement, other: Statement) -> bool:
    return statement is other
