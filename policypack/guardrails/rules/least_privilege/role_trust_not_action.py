"""A trust policy allows everything but some actions."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Undecided
from ...aws.document import Effect
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..precedence import above
from ..trusts import cause, trust_statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, statement in trust_statements(resource):
        place = cause(placed, statement.path)
        if statement.effect is None and statement.actions in (None, (None,)):
            doubt = Undecided("it cannot be read what this statement allows", statement.unread)
            yield from placed.findings(doubt, "", "this trust policy allows by NotAction", cause=place)
        elif statement.effect is Effect.ALLOW and statement.not_actions is not None:
            yield placed.finding(
                statement.action_path,
                "this trust policy allows every way of taking the role but those it names, also ways that AWS adds",
                cause=place,
            )


RULE = ResourceRule(
    id="role-trust-not-action",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A role's trust policy allows all actions but some",
    why="What a trust policy does not name it should not allow: the principals get session tags, source identities and whatever AWS adds.",
    fix='Name the one call: "Action": "sts:AssumeRole", or "sts:AssumeRoleWithWebIdentity" for an OIDC provider and "sts:AssumeRoleWithSAML" for a SAML provider.',
    covers=("LP-34",),
    yields_to=above("role-trust-not-action"),
    types=ROLE_TYPES,
    check=check,
)
