"""The kinds of callers that the questions ask about, and what their requests may hold under each condition key.

Trusted keys are set by AWS and tell who calls; a stranger's value for one is never a value that the documents name.
All other keys are the caller's choice. Source: AWS global condition context keys, and the list of conditions under
which S3 takes a bucket policy for non-public.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Final

from .actions import key_type
from .answers import Witness
from .conditions import variables_of
from .document import Document, Kind, Statement, readable
from .domains import (
    ALWAYS_FREE,
    FREE,
    NEVER,
    NOT_TRUE,
    SEVERAL,
    Domain,
    Domains,
    NamedValues,
    Presence,
    account_of_arn,
    up_to,
    whole,
)
from .evaluate import ANONYMOUS, Principal, Request, Verdict
from .glob import compiled, compiled_arn, has_wildcard
from .issuers import issuer_of
from .operators import TEXTUAL, operator_of

_ACCOUNT_DIGITS: Final = 12
_ACCOUNT_OF_ARN: Final = 4
_ACCOUNT_PATTERN: Final = re.compile(r"[\d*?]{1,12}")
_ANY_SERVICE: Final = Principal("Service", "any-service.amazonaws.com")
_ANY_PROVIDER: Final = Principal("Federated", "any-provider.example")
_ANY_ROLE: Final = ":role/any-role"
_ACCOUNTS: Final = ("777788889999", "666677778888", "444455556667", "333344445557")
_ACCOUNT_KEYS: Final = frozenset(
    {"aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "kms:calleraccount", "s3:dataaccesspointaccount",
     "aws:vpceaccount"}
)  # fmt: skip
_NAMED: Final[dict[str, NamedValues]] = {
    **dict.fromkeys(_ACCOUNT_KEYS, whole),
    **dict.fromkeys(
        ("aws:principalorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceorgid", "aws:vpceorgid", "sts:externalid",
         "aws:ec2instancesourcevpc", "lambda:eventsourcetoken", "aws:sourceip"), whole,
    ),
    **dict.fromkeys(
        ("aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn", "s3:dataaccesspointarn", "lambda:sourcefunctionarn",
         "aws:sourceinstancearn", "ec2:sourceinstancearn", "elasticfilesystem:accesspointarn",
         "s3:x-amz-server-side-encryption-aws-kms-key-id"), account_of_arn,
    ),
    **dict.fromkeys(("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"), up_to("/")),
    "aws:userid": up_to(":"),
    # Both are made from the account and the name of the provider; all other keys of SAML say what the provider likes.
    "saml:namequalifier": whole,
    "saml:doc": up_to("/"),
}  # fmt: skip
_SEVERAL: Final = frozenset({"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths", "aws:tagkeys",
                             "aws:calledvia", "aws:resourceorgpaths"})  # fmt: skip
_EVERY_REQUEST: Final = frozenset({"aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:viaawsservice"})
_SERVICES_ONLY: Final = frozenset(
    {"aws:principalservicename", "aws:principalservicenameslist", "elasticfilesystem:accessedviamounttarget"}
)
_OF_A_PRINCIPAL: Final = ("aws:principal", "aws:userid", "aws:username", "aws:multifactorauth", "aws:tokenissuetime",
                          "aws:federatedprovider", "aws:sourceidentity", "kms:calleraccount", "sts:")  # fmt: skip
# Services and holders of tokens have no account, but they may ask for a session with a name, tags and the like.
_OF_AN_ACCOUNT: Final = ("aws:principalarn", "aws:principalaccount", "aws:principalorg", "aws:userid", "aws:username",
                         "aws:multifactorauth", "aws:tokenissuetime", "aws:federatedprovider",
                         "kms:calleraccount")  # fmt: skip
_PRINCIPAL_TYPES: Final = ("AssumedRole", "User", "Account", "FederatedUser")
_SERVICE_NAMES: Final = ("aws:principalservicename", "aws:principalservicenameslist")
_EVERY_PRINCIPAL: Final = frozenset({"aws:principalarn", "aws:principalaccount", "aws:userid"})
_CALLING_ACCOUNT: Final = frozenset({"aws:principalaccount", "kms:calleraccount"})
_NAMING_A_PRINCIPAL: Final = _EVERY_PRINCIPAL | _CALLING_ACCOUNT
_OWNER: Final = {"aws:resourceaccount": "the-owning-account", "aws:resourceorgid": "the-owning-organization"}

# Providers that everybody can get a token from, and that need no provider resource in the account.
PUBLIC_PROVIDERS: Final = (
    "cognito-identity.amazonaws.com",
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
)
_TENANCY: Final = frozenset({"aud", "oaud", "azp", "sub", "app_id", "id", "user_id"})
SAML_MARK: Final = ":saml-provider/"
NARROW: Final = frozenset({"aws:sourceip"})


def stranger_account(documents: tuple[Document, ...], own_accounts: frozenset[str]) -> str:
    """An account that neither the documents nor the caller name."""
    text = "\n".join(text for document in documents for each in document.statements for text in each.texts())
    invented = (f"{number:012}" for number in count(900_000_000_001))
    return next(each for each in chain(_ACCOUNTS, invented) if each not in text and each not in own_accounts)


def foreign(account: str) -> Principal:
    """A role of an account that has nothing to do with the documents."""
    return Principal("AWS", f"arn:aws:iam::{account}:role/stranger")


def foreign_saml(account: str) -> Principal:
    """A SAML provider that a stranger set up in an account of its own."""
    return Principal("Federated", f"arn:aws:iam::{account}{SAML_MARK}stranger")


def stranger_domains(caller: Principal, account: str, own_accounts: frozenset[str]) -> Domains:
    """The keys of requests by a stranger: anonymous, of a foreign account, or with a token of a public provider."""
    own = tuple(compiled(each) for each in sorted(own_accounts))
    own_arns = tuple(compiled_arn(f"*:*:*:*:{each}:*") for each in sorted(own_accounts))

    def domain(key: str) -> Domain:
        settled = _settled(key, caller, own_accounts)
        if settled is not None:
            return settled
        naming = _NAMED.get(key) or (whole if _is_tenancy(key, caller) else None)
        if naming is None:
            return SEVERAL if not key.startswith("aws:") or key in _SEVERAL else FREE
        presence = Presence.ALWAYS if key in _EVERY_PRINCIPAL and caller.kind == "AWS" else Presence.EITHER
        found = Domain(presence, named=naming, plain=True, several=key in _SEVERAL)
        if key in _ACCOUNT_KEYS:
            return replace(found, excluded=own, examples=(account,), filler="77889999")
        if naming is account_of_arn:
            example = caller.name if key == "aws:principalarn" else f"arn:aws:sns:us-east-1:{account}:stranger"
            return replace(found, excluded=own_arns, examples=(example,), filler=account or "stranger")
        return replace(found, filler="stranger")

    return domain


def _is_tenancy(key: str, caller: Principal) -> bool:
    """Whether a claim of the caller's own provider tells whose token it is; others are alike in every tenant's."""
    if caller.kind != "Federated":
        return False
    issuer, _, claim = key.rpartition(":")
    return issuer == caller.name and (claim in _TENANCY or claim in issuer_of(issuer).tenancy)


def _settled(key: str, caller: Principal, own_accounts: frozenset[str]) -> Domain | None:
    """The domain of a key that does not depend on what the documents name."""
    found: Domain | None = None
    if key == "aws:principalisawsservice":
        found = NOT_TRUE
    elif key == "aws:principaltype":
        found = Domain(Presence.ALWAYS, only=_PRINCIPAL_TYPES if caller.kind == "AWS" else ("Anonymous",))
    elif key in _EVERY_REQUEST:
        found = ALWAYS_FREE
    elif key == "aws:resourceaccount" and own_accounts:
        found = Domain(Presence.ALWAYS, only=tuple(sorted(own_accounts)))
    elif key in _OWNER:
        found = Domain(Presence.ALWAYS, examples=(_OWNER[key],), owners=True)
    elif (
        key in _SERVICES_ONLY
        or _lacks(caller, key)
        or (key.startswith("saml:") and SAML_MARK not in caller.name)
        or ("." in key.partition(":")[0] and not key.startswith(f"{caller.name}:"))
    ):
        found = NEVER
    return found


_NOT_OF_THE_SESSION: Final = ("aws:resource", "aws:requesttag/", "aws:tagkeys", "aws:source", "aws:principalservice")
_OF_THE_SESSION: Final = frozenset({"aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceidentity",
                                    "aws:sourcevpcarn", "aws:resourceorgid", "aws:resourceorgpaths"})  # fmt: skip
# What an identity uses is its own account's, but for what others share with it.
_ITS_ACCOUNT: Final = frozenset({"aws:resourceaccount", "s3:resourceaccount"})
# The latter is true for the actions of MCP servers alone, not for what they do on behalf of the caller (description of
# the managed policy AWSMcpServiceActionsFullAccess).
_FALSE_FOR_A_HOLDER: Final = frozenset({"aws:principalisawsservice", "aws:ismcpserviceaction"})


def holder_domains(account: str) -> Domains:
    """The keys of requests by the identity itself: it meets what its session can meet (network, time, second factor,
    its tags), and the resources are those of its own account and organization; other keys of the resource, of the
    service or of request parameters are absent."""

    def domain(key: str) -> Domain:
        if key in _ITS_ACCOUNT:
            return Domain(Presence.ALWAYS, only=(account,))
        if key in _FALSE_FOR_A_HOLDER:
            return NOT_TRUE
        if key == "aws:principalaccount":
            return Domain(examples=(account,))
        if key in _EVERY_REQUEST:
            return ALWAYS_FREE
        if key in _OF_THE_SESSION:
            return SEVERAL if key in _SEVERAL else FREE
        service = key.partition(":")[0]
        if key.startswith(_NOT_OF_THE_SESSION) or (service not in ("aws", "saml") and "." not in service):
            return NEVER
        return SEVERAL if key in _SEVERAL else FREE

    return domain


def free_domains(key: str) -> Domain:
    """Requests of which nothing is known."""
    if key in _EVERY_REQUEST:
        return ALWAYS_FREE
    type_ = key_type(key)
    return SEVERAL if type_ is None or type_.multivalued else FREE


def _lacks(caller: Principal, key: str) -> bool:
    """Whether the requests of a caller never carry a key, because of what kind of caller it is."""
    if caller.kind == "anonymous":
        return key.startswith(_OF_A_PRINCIPAL)
    return caller.kind in ("Service", "Federated") and key.startswith(_OF_AN_ACCOUNT)


def domains_of(caller: Principal, named: frozenset[str]) -> Domains:
    """The keys of requests by one caller, of which nothing more is known than who calls.

    A principal that the documents do not name (they are `named`) stands for any principal of its account.
    """
    # Whoever is named is a caller of its own.
    others = tuple(
        compiled(name) for name in sorted(named - {caller.name}) if name[:4] == "arn:" and not has_wildcard(name)
    )
    bound = caller.name if caller.name in named else f"arn:*:*:*:{caller.account or '*'}:*"

    def domain(key: str) -> Domain:
        if caller.kind == "AWS" and key == "aws:principalarn" and caller.account:
            return Domain(Presence.ALWAYS, excluded=others, shapes=(compiled_arn(bound),), examples=(caller.name,))
        if caller.kind == "AWS" and key in ("aws:principalaccount", "kms:calleraccount") and caller.account:
            return Domain(Presence.ALWAYS, only=(caller.account,))
        if key == "aws:principalisawsservice":
            return Domain(Presence.ALWAYS, only=("true",)) if caller.kind == "Service" else NOT_TRUE
        if key == "aws:principaltype" and caller.kind == "AWS":
            return Domain(Presence.ALWAYS, only=_PRINCIPAL_TYPES)
        if key in _SERVICE_NAMES:
            return Domain(Presence.ALWAYS, only=(caller.name,)) if caller.kind == "Service" else NEVER
        return NEVER if _lacks(caller, key) else free_domains(key)

    return domain


HOLDER: Final = Principal("AWS", "the holder of the policy")


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
    if keys.isdisjoint({"aws:principalisawsservice", *_SERVICE_NAMES}):
        return
    named = [text for key in _SERVICE_NAMES for each in statement.entries(key) for text in readable(each.values)]
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
            if key == "aws:principalarn" and len(parts) > _ACCOUNT_OF_ARN:
                filled = ":".join((*parts[:_ACCOUNT_OF_ARN], account_like(parts[_ACCOUNT_OF_ARN]), "root"))
                yield Principal("AWS", pattern) if not has_wildcard(pattern) else _caller("AWS", filled)
            elif key in _CALLING_ACCOUNT and _ACCOUNT_PATTERN.fullmatch(pattern):
                yield _caller("AWS", account_like(pattern))


def account_like(pattern: str) -> str:
    """An account that matches a pattern."""
    missing = _ACCOUNT_DIGITS - len(pattern.replace("*", ""))
    return pattern.replace("?", "5").replace("*", "5" * max(missing, 0), 1).replace("*", "")


def _caller(kind: str, name: str) -> Principal:
    parts = name.split(":", len(("arn", "aws", "iam", "", "account")))
    if kind == "AWS" and len(name) == _ACCOUNT_DIGITS and name.isdigit():
        return Principal("AWS", f"arn:aws:iam::{name}{_ANY_ROLE}")
    if kind == "AWS" and parts[-1] == "root":
        return Principal("AWS", ":".join(parts[:-1]) + _ANY_ROLE)
    return Principal(kind, name)


# What callers stand for that nobody names.
_MEANT: Final = {
    ANONYMOUS: "anyone, signed in or not",
    _ANY_SERVICE: "any AWS service",
    _ANY_PROVIDER: "anyone with a token of any identity provider",
}


def is_stranger(caller: Principal) -> bool:
    """Whether a caller stands for whoever signed in to an account that nobody names."""
    parts = caller.name.split(":")
    account = parts[_ACCOUNT_OF_ARN] if len(parts) > _ACCOUNT_OF_ARN else ""
    return caller in (foreign(account), foreign_saml(account))


def meant(caller: Principal) -> str:
    """Whom a caller stands for, in words."""
    if caller in _MEANT:
        return _MEANT[caller]
    if is_stranger(caller):
        return "anyone signed in to any AWS account"
    return f"account {caller.account}" if caller.kind == "AWS" and caller.name.endswith(_ANY_ROLE) else caller.name


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
