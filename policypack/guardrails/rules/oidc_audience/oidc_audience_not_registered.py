"""A role pins an audience for which its OIDC provider takes no token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ...aws.answers import Undecided
from ...aws.claim_tests import Pinned, pinned_values
from ...aws.document import Effect, Statement, Text
from ...aws.glob import has_wildcard
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ...values import has_stand_in
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..oidc_providers import client_ids, issuer_in, trusted_providers

_SHOWN: Final = 3
# Its `aud` key holds the claim `azp` where a token has one, which is not what the client ids are compared with.
_BY_AUTHORIZED_PARTY: Final = "accounts.google.com"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for role in stack.of_type(ROLE_TYPES):
        for placed in trust_documents(role):
            for statement in placed.document.statements:
                if statement.effect is Effect.ALLOW:
                    for one in _of_statement(stack, role, placed, statement):
                        yield replace(one, urn=role.urn)


def _of_statement(stack: Stack, role: Resource, placed: Placed, statement: Statement) -> Iterator[Finding]:
    key = str(placed.value.keys[0])
    for principal in statement.principals or ():
        by_issuer: dict[str, list[Resource]] = {}
        for provider in trusted_providers(stack, role, key, principal) if principal.kind == "Federated" else ():
            by_issuer.setdefault(issuer_in(provider) or "", []).append(provider)
        for issuer, providers in by_issuer.items():
            pinned = pinned_values(statement, issuer, "aud")
            if pinned is not None and issuer and issuer.lower() != _BY_AUTHORIZED_PARTY:
                yield from _compared(placed, statement, issuer, pinned, providers)


def _compared(
    placed: Placed, statement: Statement, issuer: str, pinned: Pinned, providers: Sequence[Resource]
) -> Iterator[Finding]:
    registered = [text for provider in providers for text in _registered(provider)]
    known = {each for each in registered if each is not None}
    accepted = pinned.values
    if not accepted or not registered or known.intersection(accepted):
        return
    where = providers[0].name
    if any(each is None or has_stand_in(each) for each in (*accepted, *registered)):
        doubt = Undecided("one of the two is not known yet", pinned.path)
        question = f"the provider {where} takes tokens for this audience"
        yield from placed.findings(doubt, "", question, cause=placed.place(statement.path))
        return
    wanted, takes = _quoted(accepted), _quoted(registered)
    yield placed.finding(
        pinned.path,
        f"this admits tokens for {wanted}, and the provider {where} takes those for {takes}: STS refuses every "
        "token before it asks this role",
        fix=f"Add {wanted} to {client_ids(providers[0]).path} of {where} if that is what your workload asks for, or pin "
        f'what it registers: "StringEquals": {{"{issuer}:aud": "{registered[0]}"}}.',
        cause=placed.place(statement.path),
    )


def _registered(provider: Resource) -> list[Text]:
    """The client ids, `None` for one that is not known. Blank ones and wildcards are the provider's own mistake."""
    return [
        each.text
        for each in client_ids(provider).elements()
        if each.unknown or (each.text and not has_wildcard(each.text))
    ]


def _quoted(texts: Sequence[Text]) -> str:
    shown = list(dict.fromkeys(f'"{each}"' for each in texts))
    more = [f"{len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
    return " and ".join([*shown[:_SHOWN], *more])


RULE = StackRule(
    id="oidc-audience-not-registered",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role pins an audience that its OIDC provider does not take",
    why="STS compares a token with the client ids of the provider first. The role admits nobody, and what makes it work in a hurry is most often a wildcard.",
    fix="Have the client ids of the provider, the condition of the role and the workload name the same audience.",
    covers=("OI-02",),
    types=ROLE_TYPES,
    check=check,
)
