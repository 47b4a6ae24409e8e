"""Which AWS accounts are the stack's own."""

from __future__ import annotations

import re
from typing import Final

from ..aws.accounts import account_of, is_account
from ..aws.truth import Truth
from ..model import Resource, Stack
from ..values import has_stand_in

# Accounts inside of a text.
_ACCOUNTS: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")
# Resources whose ARN is that of another account's resource, which they accept.
_OF_OTHERS: Final = "Accepter"
_PROVIDERS: Final = ("pulumi:providers:aws", "pulumi:providers:aws-native")
# The accounts that a provider works in. Providers take all but texts as JSON, so each is read as a text.
_ALLOWED: Final = ("allowedAccountIds", "assumeRole", "assumeRoles")
# What else says as whom it signs in.
_SIGN_IN: Final = (
    "accessKey",
    "assumeRoleWithWebIdentity",
    "endpoints",
    "profile",
    "secretKey",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "token",
)
# What an organization's own stack makes of new accounts: type, and the property that is the account's number.
_MEMBERS: Final = (("aws:organizations/account:Account", "id"), ("aws-native:organizations:Account", "accountId"))


def own_accounts(stack: Stack) -> frozenset[str]:
    """The accounts that the stack is known to live in, or makes; invented ones are left out.

    An account is known from the ARN of an AWS resource, from what a provider is allowed or told to work in, and from
    the member accounts that the stack creates.
    """
    found: set[str] = set()
    for resource in stack.resources:
        if resource.type.startswith(("aws:", "aws-native:")) and not resource.type.endswith(_OF_OTHERS):
            found.add(account_of(resource["arn"].text or ""))
    for provider in stack.of_type(_PROVIDERS):
        found.update(_allowed(provider))
    for type_, key in _MEMBERS:
        found.update(member[key].text or "" for member in stack.of_type([type_]))
    return frozenset(each for each in found if is_account(each) and not has_stand_in(each))


def same_account(stack: Stack, one: str, other: str) -> Truth:
    """Whether two providers, by their URNs, work in one account: they do where only the region differs, and the like."""
    if one == other:
        return Truth.YES
    providers = [stack.by_urn.get(one), stack.by_urn.get(other)]
    first, second = (frozenset() if each is None else _allowed(each) for each in providers)
    if first and second and first.isdisjoint(second):
        return Truth.NO
    signed = [None if each is None else _sign_in(each) for each in providers]
    return Truth.YES if signed[0] is not None and signed[0] == signed[1] else Truth.MAYBE


def _allowed(provider: Resource) -> frozenset[str]:
    """The accounts that a provider is allowed or told to work in."""
    leaves = (leaf for key in _ALLOWED for leaf in provider[key].leaves())
    return frozenset(account for leaf in leaves for account in _ACCOUNTS.findall(leaf.text or ""))


def _sign_in(provider: Resource) -> list[object] | None:
    """What a provider signs in with; None where some of it is not known yet."""
    values = [provider[key] for key in (*_ALLOWED, *_SIGN_IN)]
    if any(leaf.is_open for value in values for leaf in value.leaves()):
        return None
    return [value.unmarked() for value in values]


def is_own(account: str, own: frozenset[str]) -> bool:
    """Whether an account is one of `own`, or computed: what a program asks AWS for is where it deploys to."""
    return account in own or has_stand_in(account)
