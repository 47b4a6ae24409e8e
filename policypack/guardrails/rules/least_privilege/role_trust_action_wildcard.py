"""A trust policy allows more actions than its principals need."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Undecided
from ...aws.document import Statement
from ...aws.trust_actions import usable, wide_actions
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..precedence import above
from ..trusts import cause, trust_statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, statement in trust_statements(resource):
        place = cause(placed, statement.path)
        wide = wide_actions(statement)
        if wide:
            message = f"{', '.join(wide)} allows more than to assume the role: also what AWS adds to STS"
            yield placed.finding(statement.action_path, message, fix=_fix(statement), cause=place)
        elif statement.not_actions is None and None in (statement.actions or (None,)):
            doubt = Undecided("the action cannot be read", statement.unread)
            yield from placed.findings(doubt, "", "the action is a wildcard", cause=place)


def _fix(statement: Statement) -> str:
    """The calls that the principals of the statement can make, to be pasted."""
    calls = list(dict.fromkeys(call for each in statement.principals or () for call in usable(each)[:1]))
    if not calls:
        return ""
    shown = f'"{calls[0]}"' if len(calls) == 1 else "[" + ", ".join(f'"{call}"' for call in calls) + "]"
    return f'Write "Action": {shown}, and "sts:TagSession" beside it only if sessions carry tags.'


RULE = ResourceRule(
    id="role-trust-action-wildcard",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A role's trust policy allows actions by a wildcard",
    why="Beside assuming the role, the principals may set session tags and a source identity, which other policies and logs rely on.",
    fix='Name the one call: "Action": "sts:AssumeRole", or "sts:AssumeRoleWithWebIdentity" for an OIDC provider and "sts:AssumeRoleWithSAML" for a SAML provider.',
    covers=("LP-35", "OI-08"),
    yields_to=above("role-trust-action-wildcard"),
    types=ROLE_TYPES,
    check=check,
)
