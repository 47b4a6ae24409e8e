"""A trust policy names a principal that its actions are of no use to."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Undecided
from ...aws.document import PrincipalPattern
from ...aws.trust_actions import unserved, usable
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..precedence import above
from ..trusts import cause, trust_statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, statement in trust_statements(resource):
        place = cause(placed, statement.path)
        dead = unserved(statement)
        if not dead:
            continue
        if statement.effect is None or not dead[0].kind or None in (statement.actions or ()):
            doubt = Undecided("the statement cannot be read to the end", statement.unread)
            yield from placed.findings(doubt, "", "the principals can use the action", cause=place)
        else:
            calls = usable(dead[0])
            fix = f'Write "Action": "{calls[0]}".' if calls else 'Name the account or the role: {"AWS": "ARN"}.'
            # Where others in the statement can use it, one dead principal is a slip that harms nobody yet.
            severity = None if len(dead) == len(statement.principals or ()) else Severity.LOW
            yield placed.finding(dead[0].path, _message(dead[0]), fix=fix, cause=place, severity=severity)


def _message(principal: PrincipalPattern) -> str:
    calls = " or ".join(usable(principal))
    if not calls:
        return "a canonical user is no principal that can assume a role, so this admits nobody"
    named = "everyone" if principal.is_everyone else principal.name or "the principal"
    return f"{named} assumes a role by {calls} alone, which the statement does not allow, so this admits nobody"


RULE = ResourceRule(
    id="role-trust-grants-nothing",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A role's trust policy admits a principal that cannot use it",
    why="The workload the role is for cannot assume it, and the hurried repair of a trust policy tends to be too wide.",
    fix="Let the action fit the principal: sts:AssumeRole for accounts, roles and services, sts:AssumeRoleWithWebIdentity for OIDC providers, sts:AssumeRoleWithSAML for SAML providers.",
    covers=("LP-28", "OI-08"),
    yields_to=above("role-trust-grants-nothing"),
    types=ROLE_TYPES,
    check=check,
)
