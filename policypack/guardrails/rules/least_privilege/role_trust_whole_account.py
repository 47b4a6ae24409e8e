"""Everybody in the own account whom its administrators let may assume a role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ...aws.answers import Yes
from ...aws.document import Statement
from ...aws.trust import Admitted, admitted
from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..accounts import is_own, own_accounts
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..trusts import cause, unless_said

# Whoever administers the own account also gives out its tags, so a condition on one narrows there.
_TAG: Final = "aws:principaltag/"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    own = own_accounts(stack)
    for role in stack.of_type(ROLE_TYPES):
        for placed in trust_documents(role):
            whole = [
                each
                for each in placed.ask(admitted)
                if not each.picked and (not each.account or is_own(each.account, own)) and not _by_tag(each.statement)
            ]
            found = (one for each in whole for one in _findings(placed, each))
            yield from (replace(one, urn=role.urn) for one in unless_said(placed, found))


def _findings(placed: Placed, whole: Admitted) -> Iterator[Finding]:
    place, answer = cause(placed, whole.statement.path), whole.answer
    if isinstance(answer, Yes):
        message = "every identity of this account that holds sts:AssumeRole on the role may assume it"
        yield placed.finding(whole.statement.principal_path, message, witness=answer.witness, cause=place)
    else:
        yield from placed.findings(answer, "", "every identity of this account may assume this role", cause=place)


def _by_tag(statement: Statement) -> bool:
    return any(each.key.lower().startswith(_TAG) for each in statement.conditions)


RULE = StackRule(
    id="role-trust-whole-account",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A role may be assumed by whoever its account lets",
    why="The account as principal hands the decision to identity policies: any that allow sts:AssumeRole on all roles reach this one too.",
    fix='Name the roles that assume it, "Principal": {"AWS": "arn:aws:iam::ACCOUNT:role/NAME"}, or add "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/PREFIX-*"}}.',
    covers=("LP-31",),
    yields_to=("role-trust-foreign-account",),
    types=ROLE_TYPES,
    check=check,
)
