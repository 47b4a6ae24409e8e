"""A resource policy allows all actions but some."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import No, Yes
from ...aws.document import Effect
from ...aws.exposure import use_through
from ...aws.offers import most_dangerous
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..bucket_policies import open_statements
from ..precedence import above
from ..resource_policies import (
    BUCKET_LIKE_TYPES,
    RESOURCE_POLICY_TYPES,
    cause_of,
    resource_policies,
    services_of,
    unread,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in resource_policies(resource):
        yield from unread(resource, placed)
        for statement in placed.document.statements:
            if statement.effect is not Effect.ALLOW or statement.not_actions is None:
                continue
            if statement.path in open_statements(resource, placed):
                continue
            left = most_dangerous(statement, services_of(resource))
            answer = use_through(placed.document, statement, left) if left else No()
            if isinstance(answer, Yes):
                yield placed.finding(
                    statement.action_path,
                    f"what remains includes {left}, and whatever the service offers next",
                    fix='List the actions that are meant under "Action".',
                    witness=answer.witness,
                    cause=cause_of(placed, statement.path),
                )
            else:
                yield from placed.findings(answer, "", f"{left} is granted", cause=placed.value.path)


RULE = ResourceRule(
    id="resource-policy-not-action",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A resource policy allows every action but those it names",
    why="NotAction in an Allow grants all the rest, the actions on the policy itself and those of tomorrow included.",
    fix="List the actions that are needed; to take some away, add a Deny that names them.",
    covers=("LP-52", "LP-55", "PB-23"),
    yields_to=above("resource-policy-not-action"),
    types=(*RESOURCE_POLICY_TYPES, *BUCKET_LIKE_TYPES),
    check=check,
)
