"""The OIDC providers of a stack, and which of them a role trusts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..aws.accounts import account_of
from ..aws.document import PrincipalPattern
from ..model import Resource, Stack, Value
from ..values import has_stand_in
from .accounts import own_accounts

_CLIENT_IDS: Final[Mapping[str, str]] = {
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "clientIdLists",
    "aws-native:iam:OIDCProvider": "clientIdList",
}
PROVIDER_TYPES: Final = tuple(_CLIENT_IDS)
MARK: Final = ":oidc-provider/"
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)


def client_ids(provider: Resource) -> Value:
    """The list of client ids, which are the audiences that STS takes tokens of this provider for."""
    return provider[_CLIENT_IDS[provider.type]]


def issuer_in(provider: Resource) -> str | None:
    """The issuer, without scheme; None where the URL cannot be read. Outputs have no scheme, inputs have one."""
    url = provider["url"].text
    return None if url is None else _SCHEME.sub("", url, count=1)


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
    account, issuer = account_of(name), name.partition(MARK)[2].lower()
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
