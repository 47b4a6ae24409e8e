"""A role trusts an OIDC provider of another account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.accounts import BLANK_ACCOUNTS, account_of, is_account
from ...aws.document import Effect
from ...aws.providers import OIDC_MARK
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ...values import has_stand_in
from ..accounts import is_own, own_accounts
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..trusts import unless_said


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    everywhere = own_accounts(stack)
    for role in stack.of_type(ROLE_TYPES):
        own = _accounts(role, everywhere)
        for placed in trust_documents(role) if own else ():
            yield from (replace(one, urn=role.urn) for one in unless_said(placed, list(_findings(placed, own))))


def _accounts(role: Resource, everywhere: frozenset[str]) -> frozenset[str]:
    """The account of a role by its ARN; any of the stack's own where it has none yet, and none where that is invented."""
    account = account_of(role["arn"].text or "")
    if has_stand_in(account):
        return frozenset()
    return frozenset({account}) if is_account(account) else everywhere


def _findings(placed: Placed, own: frozenset[str]) -> Iterator[Finding]:
    here = next(iter(own)) if len(own) == 1 else "ACCOUNT"
    for statement in placed.document.statements:
        for principal in (statement.principals or ()) if statement.effect is Effect.ALLOW else ():
            name = principal.name or ""
            account = account_of(name)
            # What is no account, or stands in examples alone, is a placeholder, which is told of by itself.
            if OIDC_MARK in name and is_account(account) and account not in BLANK_ACCOUNTS and not is_own(account, own):
                yield placed.finding(
                    principal.path,
                    f"the provider is one of account {account}, and STS looks for it in the account of the role: "
                    "no token is taken by it",
                    fix=f"Register {name.partition(OIDC_MARK)[2]} in the account of the role too, and trust "
                    f'"{name.replace(account, here, 1)}".',
                    cause=placed.place(statement.path),
                )


RULE = StackRule(
    id="oidc-provider-of-another-account",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role trusts an OIDC provider of another account",
    why="A role takes tokens by a provider of its own account alone, so the workload is locked out; and once copied to that account, the trust rests on what others registered there.",
    fix="Register the issuer in the account of the role, and take the ARN from that resource: `provider.arn`.",
    covers=("OI-08",),
    types=ROLE_TYPES,
    check=check,
)
