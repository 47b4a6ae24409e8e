"""Which AWS accounts are the stack's own."""

from __future__ import annotations

import re
from typing import Final

from ..aws.accounts import account_of, is_account
from ..model import Stack
from ..values import has_stand_in

# Accounts inside of a text.
_ACCOUNTS: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")
# Resources whose ARN is that of another account's resource, which they accept.
_OF_OTHERS: Final = "Accepter"
_PROVIDERS: Final = ("pulumi:providers:aws", "pulumi:providers:aws-native")
# The accounts that a provider works in. Providers take all but texts as JSON, so each is read as a text.
_ALLOWED: Final = ("allowedAccountIds", "assumeRole", "assumeRoles")
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
        for key in _ALLOWED:
            for leaf in provider[key].leaves():
                found.update(_ACCOUNTS.findall(leaf.text or ""))
    for type_, key in _MEMBERS:
        found.update(member[key].text or "" for member in stack.of_type([type_]))
    return frozenset(each for each in found if is_account(each) and not has_stand_in(each))


def is_own(account: str, own: frozenset[str]) -> bool:
    """Whether an account is one of `own`, or computed: what a program asks AWS for is where it deploys to."""
    return account in own or has_stand_in(account)
