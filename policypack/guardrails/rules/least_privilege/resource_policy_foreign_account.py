"""A resource policy lets another account use the resource."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final, cast

from ...aws.accounts import LOAD_BALANCERS, account_of
from ...aws.document import Effect, readable
from ...aws.exposure import Exposure, grants_to_accounts
from ...aws.offers import grants_whole_service
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..accounts import is_own, own_accounts
from ..aws_documents import Placed
from ..bucket_policies import strangers_through
from ..precedence import above
from ..resource_policies import (
    BUCKET_LIKE,
    GRANTING_TYPES,
    RESOURCE_POLICY_TYPES,
    WITHIN_ORGANIZATION,
    cause_of,
    grants,
    root_account,
    services_of,
)
from ..risky_grants import grade, may_be_risky, riskiest

_TRUSTED: Final = "trustedAccounts"
_SHOWN: Final = 3
_TYPES: Final = (*GRANTING_TYPES, *BUCKET_LIKE)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    resources = list(stack.of_type(_TYPES))
    own = own_accounts(stack)
    trusted = frozenset(cast("list[str]", context.settings[_TRUSTED]))
    policies = [(resource, placed) for resource in resources for placed in grants(resource)]
    # What policies say of their owners is evidence only where nothing better is known: of the whole stack where they
    # agree, else of the one resource.
    said = own or frozenset[str]().union(*(_owners(*each) for each in policies))
    for resource, placed in policies:
        owners = said if own or len(said) == 1 else _owners(resource, placed)
        for one in _of_policy(resource, placed, owners | trusted, sure=bool(owners)):
            yield replace(one, urn=resource.urn)


def _of_policy(resource: Resource, placed: Placed, known: frozenset[str], *, sure: bool) -> Iterator[Finding]:
    # A bucket's ARN names no account, and most policies name roles of their own: where nothing tells which these are,
    # only what is risky in other hands is worth a word.
    is_bucket = resource.type in BUCKET_LIKE
    unsure = not sure and is_bucket
    if unsure and not may_be_risky(placed.document, services_of(resource)):
        return
    theirs = known | LOAD_BALANCERS if is_bucket else known
    found = grants_to_accounts(placed.document, services_of(resource), lambda account: not is_own(account, theirs))
    if not found.found and not found.doubts:
        return
    # The rules on one resource are asked apart from those on the stack, which cannot yield to them otherwise.
    strangers = strangers_through(resource, placed)
    open_ = {each.statement for each in strangers.found}
    ordered = sorted(found.found, key=lambda each: each.statement)
    for statement, grouped in groupby(ordered, key=lambda each: each.statement):
        group = [riskiest(each) for each in grouped]
        plain = unsure and all(grade(each) is Severity.LOW for each in group)
        if statement not in open_ and not plain:
            yield _finding(resource, placed, statement, group, sure=sure)
    if found.doubts and not ordered and not strangers.doubts:
        yield from placed.findings(
            found.doubts[0], "", "another account may use this resource", cause=placed.value.path
        )


def _owners(resource: Resource, placed: Placed) -> frozenset[str]:
    """The accounts that a policy shows to own what it stands on: that of the resources it grants, and the one account
    that a key's policy leaves everything to."""
    found: set[str] = set()
    roots: set[str] = set()
    for statement in placed.document.statements:
        if statement.effect is not Effect.ALLOW:
            continue
        found.update(account_of(text) for text in readable(statement.resources) if text.startswith("arn:"))
        if services_of(resource) == ("kms",) and grants_whole_service(statement, "kms"):
            roots.update(filter(None, map(root_account, statement.principals or ())))
    found |= roots if len(roots) == 1 else set()
    return frozenset(each for each in found if each.isdigit())


def _finding(resource: Resource, placed: Placed, statement: str, group: list[Exposure], *, sure: bool) -> Finding:
    """One finding for a statement, whatever the number of accounts and of what they may do."""
    worst = max(group, key=lambda each: grade(each).rank)
    accounts = list(dict.fromkeys(each.witness.request.principal.account for each in group))
    more = f" and {len(accounts) - _SHOWN} more" if len(accounts) > _SHOWN else ""
    many = len(accounts) > 1
    action = worst.witness.request.action
    message = f"account{'s' if many else ''} {', '.join(accounts[:_SHOWN])}{more} may {action} on this resource"
    if not sure:
        message += (
            f"; the stack does not say its own account, so {'these are' if many else 'this is'} taken for another's "
            "(aws:allowedAccountIds of the provider says it)"
        )
    return placed.finding(
        worst.path,
        message,
        fix=_fix(resource, action, accounts[0]),
        witness=worst.witness,
        cause=cause_of(placed, statement),
        severity=grade(worst) if sure else Severity.LOW,
    )


def _fix(resource: Resource, action: str, account: str) -> str:
    listed = "or list the account in trustedAccounts"
    if resource.type not in (*RESOURCE_POLICY_TYPES, *BUCKET_LIKE):
        argument = WITHIN_ORGANIZATION.get(resource.type)
        within = f" add {argument} inside an organization," if argument else ""
        return f"Name the role that needs {action} as the principal,{within} {listed}."
    return (
        f'Name who needs {action}: "Principal": {{"AWS": "arn:aws:iam::{account}:role/NAME"}}, add "Condition": '
        f'{{"StringEquals": {{"aws:PrincipalOrgID": "o-YOURS"}}}} inside an organization, {listed}.'
    )


RULE = StackRule(
    id="resource-policy-foreign-account",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A resource policy lets another account in",
    why="Who may use the resource is then decided by the administrators of that account, and a break-in there reaches here.",
    fix='Name the role of that account that needs it, add "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-YOURS"}} inside an organization, or list the account in trustedAccounts.',
    controls=("FSBP-1.0.0:S3.6",),
    covers=("LP-54", "PB-26"),
    yields_to=above("resource-policy-every-action"),
    settings={
        _TRUSTED: {
            "type": "array",
            "items": {"type": "string", "pattern": "^[0-9]{12}$"},
            "default": [],
            "description": "Accounts that may be granted the use of a resource without a condition.",
        }
    },
    types=_TYPES,
    check=check,
)
