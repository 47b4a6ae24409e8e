"""A resource policy lets another account use the resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final, cast

from ...aws.document import readable
from ...aws.exposure import Exposure, grants_to_accounts, grants_whole_service, manages_permissions
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..accounts import is_own, own_accounts
from ..aws_documents import Placed
from ..resource_policies import GRANTING_TYPES, cause_of, grants, root_account, services_of

_TRUSTED: Final = "trustedAccounts"
_SHOWN: Final = 3
_ACCOUNT_OF_ARN: Final = 4


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    resources = list(stack.of_type(GRANTING_TYPES))
    own = own_accounts(stack)
    known = own | _owners(resources) | frozenset(cast("list[str]", context.settings[_TRUSTED]))
    for resource in resources:
        for placed in grants(resource):
            found = grants_to_accounts(
                placed.document, services_of(resource), lambda account: not is_own(account, known)
            )
            ordered = sorted(found.found, key=lambda each: each.statement)
            for statement, group in groupby(ordered, key=lambda each: each.statement):
                yield replace(_finding(placed, statement, list(group), sure=bool(own)), urn=resource.urn)
            if found.doubts and not ordered:
                doubts = placed.findings(
                    found.doubts[0], "", "another account may use this resource", cause=placed.value.path
                )
                yield from (replace(each, urn=resource.urn) for each in doubts)


def _owners(resources: Iterable[Resource]) -> frozenset[str]:
    """Accounts that the policies show to own what they stand on: that of a named resource, and the one account that a
    key's policy leaves everything to."""
    found: set[str] = set()
    for resource in resources:
        for placed in grants(resource):
            roots: set[str] = set()
            for statement in placed.document.statements:
                arns = [text.split(":") for text in readable(statement.resources) if text.startswith("arn:")]
                found.update(parts[_ACCOUNT_OF_ARN] for parts in arns if len(parts) > _ACCOUNT_OF_ARN)
                if services_of(resource) == ("kms",) and grants_whole_service(statement, "kms"):
                    roots.update(filter(None, map(root_account, statement.principals or ())))
            found |= roots if len(roots) == 1 else set()
    return frozenset(each for each in found if each.isdigit())


def _finding(placed: Placed, statement: str, group: list[Exposure], *, sure: bool) -> Finding:
    """One finding for a statement, whatever the number of accounts and of what they may do."""
    worst = next((each for each in group if manages_permissions(each.witness.request.action)), group[0])
    accounts = list(dict.fromkeys(each.witness.request.principal.account for each in group))
    more = f" and {len(accounts) - _SHOWN} more" if len(accounts) > _SHOWN else ""
    many = len(accounts) > 1
    action = worst.witness.request.action
    message = f"account{'s' if many else ''} {', '.join(accounts[:_SHOWN])}{more} may {action} on this resource"
    if not sure:
        message += (
            f"; the stack does not say its own account, so {'these are' if many else 'this is'} taken for another's"
        )
    return placed.finding(
        worst.path,
        message,
        witness=worst.witness,
        cause=cause_of(placed, statement),
        severity=Severity.HIGH if sure and manages_permissions(action) else Severity.LOW,
    )


RULE = StackRule(
    id="resource-policy-foreign-account",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A resource policy lets another account in",
    why="Who may use the resource is then decided by the administrators of that account, and a break-in there reaches here.",
    fix='Name the role of that account that needs it, add "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-YOURS"}} inside an organization, or list the account in trustedAccounts.',
    covers=("LP-54",),
    yields_to=("resource-policy-open-to-strangers",),
    settings={
        _TRUSTED: {
            "type": "array",
            "items": {"type": "string", "pattern": "^[0-9]{12}$"},
            "default": [],
            "description": "Accounts that may be granted the use of a resource without a condition.",
        }
    },
    types=GRANTING_TYPES,
    check=check,
)
