"""The OIDC providers of a stack, and which of them a role trusts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..aws.accounts import account_of
from ..aws.claim_tests import Pinned, pinned_values
from ..aws.document import PrincipalPattern, Statement, Text
from ..aws.providers import OIDC_MARK, unschemed
from ..glob import has_wildcard
from ..model import Resource, Stack, Value
from ..values import has_stand_in
from .accounts import own_accounts

_CLIENT_IDS: Final[Mapping[str, str]] = {
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "clientIdLists",
    "aws-native:iam:OidcProvider": "clientIdList",
}
PROVIDER_TYPES: Final = tuple(_CLIENT_IDS)
# Its `aud` key holds the claim `azp` where a token has one, which is not what the client ids are compared with.
_BY_AUTHORIZED_PARTY: Final = "accounts.google.com"


def client_ids(provider: Resource) -> Value:
    """The list of client ids, which are the audiences that STS takes tokens of this provider for."""
    return provider[_CLIENT_IDS[provider.type]]


def issuer_in(provider: Resource) -> str | None:
    """The issuer, without scheme; None where the URL cannot be read. Outputs have no scheme, inputs have one."""
    url = None if provider["url"].secret else provider["url"].text
    return None if url is None else unschemed(url)


def trusted_providers(stack: Stack, role: Resource, key: str, principal: PrincipalPattern) -> list[Resource]:
    """The providers of the stack that a principal of the document at property `key` of a role may be.

    Joined by ARN, known or stand-in; by account and issuer where the provider has no ARN yet; and where the principal
    cannot be read, by what the engine recorded: then several of them may be meant.
    """
    name = principal.name
    if name is None:
        computed_from = set(role.property_dependencies.get(key, ()))
        return [each for each in stack.of_type(PROVIDER_TYPES) if each.urn in computed_from]
    same = [each for each in stack.of_type(PROVIDER_TYPES) if each["arn"].text == name]
    account, issuer = account_of(name), name.partition(OIDC_MARK)[2].lower()
    # A stack of several accounts may have the provider of another one.
    here = has_stand_in(account) or own_accounts(stack) <= {account}
    if same or not issuer or not here:
        return same
    return [
        each
        for each in stack.of_type(PROVIDER_TYPES)
        if _is_open(each["arn"]) and (issuer_in(each) or "").lower() == issuer
    ]


def _is_open(arn: Value) -> bool:
    return arn.text is None or has_stand_in(arn.text)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Audiences that a statement pins for an issuer, and the client ids of its providers, which have none of them.

    `None` stands for what cannot be read. Blank client ids and wildcards, which are the provider's own mistake, and
    audiences that no token can have are left out.
    """

    issuer: str
    provider: Resource
    pinned: Pinned
    registered: tuple[Text, ...]

    @property
    def certain(self) -> bool:
        """Whether nothing that is not known yet can be the audience of both."""
        return not any(each is None or has_stand_in(each) for each in (*self.pinned.values, *self.registered))


def mismatches(stack: Stack, role: Resource, key: str, statement: Statement) -> Iterator[Mismatch]:
    """The audiences of a statement of the document at property `key` of a role that its providers do not take."""
    for principal in statement.principals or ():
        by_issuer: dict[str, list[Resource]] = {}
        for provider in trusted_providers(stack, role, key, principal) if principal.kind == "Federated" else ():
            by_issuer.setdefault(issuer_in(provider) or "", []).append(provider)
        for issuer, providers in by_issuer.items():
            pinned = pinned_values(statement, issuer, "aud")
            registered = tuple(text for provider in providers for text in _registered(provider))
            known = {each for each in registered if each is not None}
            compared = issuer and issuer.lower() != _BY_AUTHORIZED_PARTY and registered
            if compared and pinned is not None and pinned.values and not known.intersection(pinned.values):
                yield Mismatch(issuer, providers[0], pinned, registered)


def _registered(provider: Resource) -> list[Text]:
    return [
        # A secret one is as good as one that is not known: it is not to be shown.
        None if each.secret else each.text
        for each in client_ids(provider).elements()
        if each.unknown or (each.text and not has_wildcard(each.text))
    ]
