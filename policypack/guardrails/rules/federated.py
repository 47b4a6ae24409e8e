"""What the OIDC rules share: the keys that name no claim, and which findings have one cause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..aws.federation import SAML, FederationAnswer, MisspelledKey, federation
from ..aws.issuers import issuer_of, subject_form
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
    return placed.place(place) if everyone else ""


_COGNITO: Final = "cognito-identity.amazonaws.com"


def audience_fix(answer: FederationAnswer) -> str:
    """What to write to pin the audience; empty where the issuer cannot be read."""
    if answer.action == SAML:
        return '"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}'
    if not answer.issuer:
        return ""
    known = issuer_of(answer.issuer)
    claim = known.audience[0]
    condition = f'"StringEquals": {{"{answer.issuer}:{claim}": "{claim.upper() if claim != "aud" else "AUDIENCE"}"}}'
    if answer.issuer == _COGNITO:
        return f"{condition}, with the ID of your own identity pool"
    if known.tenant_in_audience or claim != "aud":
        return f"{condition}, with the value that the issuer gave to you alone"
    return f"{condition}, with the one audience your workload asks for, such as sts.amazonaws.com"


def subject_fix(answer: FederationAnswer) -> str:
    """What to write to keep strangers out; empty where the issuer cannot be read."""
    if not answer.issuer:
        return ""
    if issuer_of(answer.issuer).tenant_in_audience:
        signed_in = f', and "ForAnyValue:StringLike": {{"{_COGNITO}:amr": "authenticated"}} beside it'
        return audience_fix(answer) + (signed_in if answer.issuer == _COGNITO else "")
    condition = f'"StringEquals": {{"{answer.issuer}:sub": "{subject_form(answer.issuer)}"}}'
    return f"{condition}, with the whole subject of your workload"


def spelling_fix(answer: FederationAnswer, key: MisspelledKey) -> str:
    """What to write for a key that no request carries."""
    if key.proper:
        return f'Write the key as "{key.proper}".'
    return f"Take the key out, or name a claim that tokens of {answer.issuer} have, such as sub."


def misspelled_keys(resource: Resource) -> Iterator[tuple[Placed, FederationAnswer, MisspelledKey, bool]]:
    """The condition keys of a role's trust policy that no request carries, and whether it is a scheme that does it."""
    for placed in trust_documents(resource):
        for answer in placed.ask(federation):
            for key in answer.misspelled:
                yield placed, answer, key, key.key.lower().startswith(("http:", "https:"))
