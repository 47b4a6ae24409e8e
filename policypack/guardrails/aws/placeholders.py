"""Accounts that stand in examples, and that a document has taken over from one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .accounts import EXAMPLE_ACCOUNTS, account_of
from .document import Document, Effect, Statement


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
        if (account := account_of(text) if text.startswith("arn:") else text) in EXAMPLE_ACCOUNTS
    )


def _texts(statement: Statement) -> Iterator[tuple[str, str]]:
    for principal in statement.named_principals:
        if principal.kind == "AWS" and principal.name is not None:
            yield principal.path, principal.name
    for resource in (*(statement.resources or ()), *(statement.not_resources or ())):
        if resource is not None:
            yield f"{statement.path}.{'Resource' if statement.resources is not None else 'NotResource'}", resource
    for condition in statement.conditions:
        # What tokens of an issuer say is numbered by the issuer.
        of_issuer = "." in condition.key.partition(":")[0]
        for value in condition.values:
            if value is not None and not of_issuer:
                yield condition.path, value
