"""Accounts that stand in examples, and that a document has taken over from one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .document import Document, Effect, Statement

# Accounts of AWS's documentation, and those that people write to have twelve digits.
_EXAMPLES: Final = frozenset(
    {"123456789012", "111122223333", "444455556666", "777788889999", "210987654321", "012345678901", "012345678910",
     "123456789101", "098765432109", "987654321098", "112233445566", *(digit * 12 for digit in "0123456789")}
)  # fmt: skip
_ACCOUNT: Final = re.compile(r"\d{12}")
_ACCOUNT_OF_ARN: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):")


@dataclass(frozen=True, slots=True)
class ExampleAccount:
    """An account of an example at `path`, in the statement at `statement`; `text` is the whole name, ARN or value."""

    statement: str
    path: str
    account: str
    text: str


def example_accounts(document: Document) -> tuple[ExampleAccount, ...]:
    """The accounts of examples that Allow statements name: as principals, in resources and in conditions.

    Federated principals are left out: `federation` judges the account of a provider.
    """
    granting = (each for each in document.statements if each.effect is Effect.ALLOW)
    return tuple(
        ExampleAccount(statement.path, path, account, text)
        for statement in granting
        for path, text in _texts(statement)
        if (account := account_of(text)) in _EXAMPLES
    )


def account_of(text: str) -> str:
    """The account that a text is or that an ARN lies in; empty where it is neither."""
    if _ACCOUNT.fullmatch(text):
        return text
    found = _ACCOUNT_OF_ARN.match(text)
    return found[1] if found else ""


def _texts(statement: Statement) -> Iterator[tuple[str, str]]:
    for principal in statement.named_principals:
        if principal.kind == "AWS" and principal.name is not None:
            yield principal.path, principal.name
    for resource in (*(statement.resources or ()), *(statement.not_resources or ())):
        if resource is not None:
            yield f"{statement.path}.{'Resource' if statement.resources is not None else 'NotResource'}", resource
    for condition in statement.conditions:
        for value in condition.values:
            if value is not None:
                yield condition.path, value
