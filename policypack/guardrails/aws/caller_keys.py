"""What requests may hold under each condition key, by who calls.

Trusted keys are set by AWS and tell who calls; a stranger's value for one is never a value that the documents name.
All other keys are the caller's choice. Source: AWS global condition context keys, and the list of conditions under
which S3 takes a bucket policy for non-public.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..glob import compiled, has_wildcard
from ..issuers.table import issuer_of
from .actions import key_type
from .callers import CALLING_ACCOUNT, EVERY_PRINCIPAL, SERVICE_NAMES
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
from .evaluate import Principal
from .patterns import compiled_arn
from .providers import SAML_MARK

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
_SERVICES_ONLY: Final = frozenset({*SERVICE_NAMES, "elasticfilesystem:accessedviamounttarget"})
_OF_A_PRINCIPAL: Final = ("aws:principal", "aws:userid", "aws:username", "aws:multifactorauth", "aws:tokenissuetime",
                          "aws:federatedprovider", "aws:sourceidentity", "kms:calleraccount", "sts:")  # fmt: skip
# Services and holders of tokens have no account, but they may ask for a session with a name, tags and the like.
_OF_AN_ACCOUNT: Final = ("aws:principalarn", "aws:principalaccount", "aws:principalorg", "aws:userid", "aws:username",
                         "aws:multifactorauth", "aws:tokenissuetime", "aws:federatedprovider",
                         "kms:calleraccount")  # fmt: skip
_PRINCIPAL_TYPES: Final = ("AssumedRole", "User", "Account", "FederatedUser")
_OWNER: Final = {"aws:resourceaccount": "the-owning-account", "aws:resourceorgid": "the-owning-organization"}
_TENANCY: Final = frozenset({"aud", "oaud", "azp", "sub", "app_id", "id", "user_id"})
_TELLING_SLOTS: Final = ("tenant", "project")
NARROW: Final = frozenset({"aws:sourceip"})


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
        presence = Presence.ALWAYS if key in EVERY_PRINCIPAL and caller.kind == "AWS" else Presence.EITHER
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
    form = issuer_of(issuer).claims.get(claim)
    tells = form is not None and form.slot(*_TELLING_SLOTS) is not None
    return issuer == caller.name and (claim in _TENANCY or tells)


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
    bound = caller.name if caller.name in named else f"arn:*:*:*:{caller.account or '*'}:*"

    def domain(key: str) -> Domain:
        if caller.kind == "AWS" and key == "aws:principalarn" and caller.account:
            # Whoever is named is a caller of its own.
            others = tuple(
                compiled(name)
                for name in sorted(named - {caller.name})
                if name[:4] == "arn:" and not has_wildcard(name)
            )
            return Domain(Presence.ALWAYS, excluded=others, shapes=(compiled_arn(bound),), examples=(caller.name,))
        if caller.kind == "AWS" and key in CALLING_ACCOUNT and caller.account:
            return Domain(Presence.ALWAYS, only=(caller.account,))
        if key == "aws:principalisawsservice":
            return Domain(Presence.ALWAYS, only=("true",)) if caller.kind == "Service" else NOT_TRUE
        if key == "aws:principaltype" and caller.kind in ("AWS", "anonymous"):
            return Domain(Presence.ALWAYS, only=_PRINCIPAL_TYPES if caller.kind == "AWS" else ("Anonymous",))
        if key in SERVICE_NAMES:
            return Domain(Presence.ALWAYS, only=(caller.name,)) if caller.kind == "Service" else NEVER
        return NEVER if _lacks(caller, key) else free_domains(key)

    return domain
