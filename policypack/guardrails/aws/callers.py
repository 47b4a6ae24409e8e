"""Who may call: strangers, whoever holds a policy, and those whom documents name. `caller_keys` has their requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Final

from ..glob import compiled, has_wildcard
from .accounts import account_like, account_of, is_account
from .answers import Witness
from .arns import ACCOUNT
from .conditions import variables_of
from .document import Document, Kind, Statement, readable
from .evaluate import ANONYMOUS, Principal, Request, Verdict
from .operators import TEXTUAL, operator_of
from .providers import SAML_MARK

_ACCOUNT_PATTERN: Final = re.compile(r"[\d*?]{1,12}")
_ANY_SERVICE: Final = Principal("Service", "any-service.amazonaws.com")
_ANY_PROVIDER: Final = Principal("Federated", "any-provider.example")
# What the name of a role ends in that stands for any of its account.
ANY_ROLE: Final = ":role/any-role"
# The accounts of strangers, which nothing else is made of.
_ACCOUNTS: Final = ("777788889999", "666677778888", "444455556667", "333344445557")

# Providers that everybody can get a token from, and that need no provider resource in the account.
PUBLIC_PROVIDERS: Final = (
    "cognito-identity.amazonaws.com",
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
)
HOLDER: Final = Principal("AWS", "the holder of the policy")
SERVICE_NAMES: Final = ("aws:principalservicename", "aws:principalservicenameslist")
CALLING_ACCOUNT: Final = frozenset({"aws:principalaccount", "kms:calleraccount"})
EVERY_PRINCIPAL: Final = frozenset({"aws:principalarn", "aws:principalaccount", "aws:userid"})
_NAMING_A_PRINCIPAL: Final = EVERY_PRINCIPAL | CALLING_ACCOUNT


def stranger_account(documents: tuple[Document, ...], own_accounts: frozenset[str]) -> str:
    """An account that neither the documents, nor what their requests carry, nor the caller name."""
    named = chain(
        (text for document in documents for each in document.statements for text in each.texts()),
        (value for document in documents for _, value in document.carried),
    )
    text = "\n".join(named)
    invented = (f"{number:012}" for number in count(900_000_000_001))
    return next(each for each in chain(_ACCOUNTS, invented) if each not in text and each not in own_accounts)


def foreign(account: str) -> Principal:
    """A role of an account that has nothing to do with the documents."""
    return Principal("AWS", f"arn:aws:iam::{account}:role/stranger")


def foreign_saml(account: str) -> Principal:
    """A SAML provider that a stranger set up in an account of its own."""
    return Principal("Federated", f"arn:aws:iam::{account}{SAML_MARK}stranger")


def strangers_of(document: Document, account: str, *, signed_first: bool = False) -> list[Principal]:
    """Whom a resource policy may let in without naming them: the anonymous, and principals of that account.

    Holders of tokens of public providers too, where the document names federated principals; else they are anonymous.
    """
    callers = [foreign(account), ANONYMOUS] if signed_first else [ANONYMOUS, foreign(account)]
    if any(each.kind in ("Federated", "") for statement in document.statements for each in statement.named_principals):
        callers += [Principal("Federated", name) for name in PUBLIC_PROVIDERS]
    return callers


def named_principals(documents: Sequence[Document]) -> frozenset[str]:
    """The names of all principals that the documents write out, as principals or in conditions."""
    found: set[str] = set()
    for document in documents:
        for statement in document.statements:
            found.update(each.name for each in statement.named_principals if each.name is not None)
            found.update(text for each in statement.entries("aws:principalarn") for text in readable(each.values))
    return frozenset(found)


def named_callers(documents: Sequence[Document]) -> list[Principal]:
    """Whoever the documents speak of: the holder of an identity's policies; else strangers, where there is a wildcard,
    and each principal that is named, for an account any role of it."""
    account = stranger_account(tuple(documents), frozenset())
    return list(
        dict.fromkeys(
            caller
            for document in documents
            for statement in document.statements
            for caller in callers_of(statement, document.kind, account)
        )
    )


def callers_of(statement: Statement, kind: Kind, account: str) -> list[Principal]:
    """`named_callers` of one statement; strangers are of that account."""
    if kind is Kind.IDENTITY:
        return [HOLDER]
    callers: dict[Principal, None] = {}
    for each in statement.named_principals:
        if each.is_everyone or each.name is None or statement.not_principals is not None:
            # A role is assumed by callers that have signed in somewhere.
            callers |= dict.fromkeys(
                (foreign(account), _ANY_PROVIDER, foreign_saml(account))
                if kind is Kind.TRUST
                else (ANONYMOUS, foreign(account))
            )
            callers |= dict.fromkeys(_services(statement))
        if each.name == "*" and each.kind in ("Service", "Federated"):
            callers.setdefault(_ANY_SERVICE if each.kind == "Service" else _ANY_PROVIDER)
        elif each.name is not None and not each.is_everyone:
            callers.setdefault(_caller(each.kind, each.name))
    callers |= dict.fromkeys(_conditioned(statement))
    return list(callers)


def _services(statement: Statement) -> Iterator[Principal]:
    """Services that a statement for everyone lets in by its conditions."""
    keys = {condition.key.lower() for condition in statement.conditions}
    if keys.isdisjoint({"aws:principalisawsservice", *SERVICE_NAMES}):
        return
    named = [text for key in SERVICE_NAMES for each in statement.entries(key) for text in readable(each.values)]
    yield from (Principal("Service", compiled(text).example("any")) for text in named)
    if not named:
        yield _ANY_SERVICE


def _conditioned(statement: Statement) -> Iterator[Principal]:
    """Principals that conditions name, by ARN or by account."""
    for condition in statement.conditions:
        key, operator = condition.key.lower(), operator_of(condition.operator)
        textual = operator is not None and operator.family in TEXTUAL
        for pattern in readable(condition.values) if textual and key in _NAMING_A_PRINCIPAL else ():
            if variables_of(pattern):
                # Whoever that is, the document does not name it.
                continue
            parts = pattern.split(":")
            if key == "aws:principalarn" and len(parts) > ACCOUNT:
                filled = ":".join((*parts[:ACCOUNT], account_like(parts[ACCOUNT]), "root"))
                yield Principal("AWS", pattern) if not has_wildcard(pattern) else _caller("AWS", filled)
            elif key in CALLING_ACCOUNT and _ACCOUNT_PATTERN.fullmatch(pattern):
                yield _caller("AWS", account_like(pattern))


def _caller(kind: str, name: str) -> Principal:
    parts = name.split(":", len(("arn", "aws", "iam", "", "account")))
    if kind == "AWS" and is_account(name):
        return Principal("AWS", f"arn:aws:iam::{name}{ANY_ROLE}")
    if kind == "AWS" and parts[-1] == "root":
        return Principal("AWS", ":".join(parts[:-1]) + ANY_ROLE)
    return Principal(kind, name)


# What callers stand for that nobody names.
_MEANT: Final = {
    ANONYMOUS: "anyone (signed in or not)",
    _ANY_SERVICE: "any AWS service",
    _ANY_PROVIDER: "anyone with a token of any identity provider",
}


def is_stranger(caller: Principal) -> bool:
    """Whether a caller stands for whoever signed in to an account that nobody names."""
    account = account_of(caller.name)
    return caller in (foreign(account), foreign_saml(account))


def meant(caller: Principal) -> str:
    """Whom a caller stands for, in words."""
    if caller in _MEANT:
        return _MEANT[caller]
    if is_stranger(caller):
        return "anyone signed in to any AWS account"
    return f"account {caller.account}" if caller.kind == "AWS" and caller.name.endswith(ANY_ROLE) else caller.name


def as_itself(witness: Witness, verdict: Callable[[Request], Verdict]) -> Witness:
    """The witness with the principal that its context names, so that the two agree."""
    request = witness.request
    if request.principal.kind != "AWS":
        return witness
    lookup = request.lookup()
    arn = lookup("aws:PrincipalArn")
    if not isinstance(arn, str):
        return witness
    agreeing = replace(request, principal=Principal("AWS", arn))
    return replace(witness, request=agreeing) if verdict(agreeing) is Verdict.ALLOWED else witness
