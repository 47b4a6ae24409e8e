"""What the OIDC rules share: the keys that name no claim, and which findings have one cause."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.federation import FederationAnswer, MisspelledKey, federation
from ..model import Resource
from .aws_documents import Placed, statement_of, trust_documents


def cause(placed: Placed, answer: FederationAnswer) -> str:
    """The place whose mistake it is, where audience and subject are open for one reason.

    A statement that admits everyone is the business of role-trust-wildcard-principal, and a document that nobody can
    read is said to be so once for both.
    """
    if placed.value.unknown:
        return placed.value.path
    place = statement_of(answer.path)
    everyone = any(
        principal.is_everyone
        for statement in placed.document.statements
        if statement.path == place
        for principal in statement.principals or ()
    )
    return place if everyone else ""


def misspelled_keys(resource: Resource) -> Iterator[tuple[Placed, FederationAnswer, MisspelledKey, bool]]:
    """The condition keys of a role's trust policy that no request carries, and whether it is a scheme that does it."""
    for placed in trust_documents(resource):
        for answer in placed.ask(federation):
            for key in answer.misspelled:
                yield placed, answer, key, key.key.lower().startswith(("http:", "https:"))
