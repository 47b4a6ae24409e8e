"""Another account may assume a role on its word alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final, cast

from ...aws.answers import Yes
from ...aws.document import Effect
from ...aws.trust import Admitted, admitted
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..accounts import is_own, own_accounts
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..trusts import cause, unless_said

_TRUSTED: Final = "trustedAccounts"
_SHOWN: Final = 3
_PROVIDER: Final = re.compile(r"arn:[\w-]+:iam::(\w+):saml-provider/")


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    own = own_accounts(stack)
    known = own | frozenset(cast("list[str]", context.settings[_TRUSTED]))
    for role in stack.of_type(ROLE_TYPES):
        for placed in trust_documents(role):
            foreign = [each for each in placed.ask(admitted) if not is_own(each.account, known)]
            groups = groupby(foreign, key=lambda each: each.statement.path)
            found = [one for _, group in groups for one in _findings(placed, list(group), own_is_known=bool(own))]
            found += _of_providers(placed, known) if own else []
            yield from (replace(one, urn=role.urn) for one in unless_said(placed, found))


def _findings(placed: Placed, foreign: list[Admitted], *, own_is_known: bool) -> Iterator[Finding]:
    """One finding for a statement: it is mended in one place, whatever the number of accounts."""
    place = cause(placed, foreign[0].statement.path)
    certain = [each for each in foreign if isinstance(each.answer, Yes)]
    if not certain:
        answer = foreign[0].answer
        yield from placed.findings(answer, "", "another account may assume this role on its word alone", cause=place)
        return
    worst = min(certain, key=lambda each: each.picked)
    accounts = list(dict.fromkeys(each.account for each in certain))
    more = f" and {len(accounts) - _SHOWN} more" if len(accounts) > _SHOWN else ""
    many = len(accounts) > 1
    whose = f"account{'s' if many else ''} {', '.join(accounts[:_SHOWN])}{more}"
    who = f"the named principals of {whose}" if worst.picked else f"whoever {whose} let{'' if many else 's'}"
    any_id = any(each.key.lower() == "sts:externalid" for each in worst.statement.conditions)
    with_id = "with any external id, and without" if any_id else "without an external id,"
    message = f"{who} may assume this role {with_id} an organization or a second factor"
    if not own_is_known:
        message += (
            f"; the stack does not say its own account (aws:allowedAccountIds does), so {'these are' if many else 'this is'}"
            " taken for another's"
        )
    yield placed.finding(
        worst.statement.principal_path,
        message,
        witness=worst.answer.witness if isinstance(worst.answer, Yes) else None,
        cause=place,
        severity=Severity.LOW if worst.picked or not own_is_known else None,
    )


def _of_providers(placed: Placed, known: frozenset[str]) -> Iterator[Finding]:
    """Findings about providers of sign-ins that are another account's: its administrators say who comes from them."""
    for statement in placed.document.statements:
        for principal in statement.principals or ():
            match = _PROVIDER.match(principal.name or "")
            if statement.effect is Effect.ALLOW and match is not None and not is_own(match[1], known):
                yield placed.finding(
                    principal.path,
                    f"whoever a provider of account {match[1]} vouches for may assume this role",
                    fix='Name a provider of your own account: "Principal": {"Federated": "arn:aws:iam::ACCOUNT:saml-provider/NAME"}.',
                    cause=cause(placed, statement.path),
                )


RULE = StackRule(
    id="role-trust-foreign-account",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="Another account may assume a role on its word alone",
    why="A third party that serves many customers can be led to use the role for one of the others, and a stolen key of that account is enough.",
    fix='Add "Condition": {"StringEquals": {"sts:ExternalId": "AGREED-VALUE"}} for a third party, {"StringEquals": {"aws:PrincipalOrgID": "o-YOURS"}} inside an organization, {"Bool": {"aws:MultiFactorAuthPresent": "true"}} for people; or list the account in trustedAccounts.',
    covers=("LP-32",),
    yields_to=("placeholder-account",),
    settings={
        _TRUSTED: {
            "type": "array",
            "items": {"type": "string", "pattern": "^[0-9]{12}$"},
            "default": [],
            "description": "Accounts of your own organization, which may be trusted without a condition.",
        }
    },
    types=ROLE_TYPES,
    check=check,
)
