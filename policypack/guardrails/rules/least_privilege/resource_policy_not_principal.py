"""A resource policy allows everybody but some."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Yes
from ...aws.document import Effect
from ...aws.exposure import use_through
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..bucket_policies import open_statements
from ..precedence import above
from ..resource_policies import BUCKET_LIKE_TYPES, RESOURCE_POLICY_TYPES, cause_of, resource_policies, unread


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in resource_policies(resource):
        yield from unread(resource, placed)
        for statement in placed.document.statements:
            if statement.effect is not Effect.ALLOW or statement.not_principals is None:
                continue
            if statement.path in open_statements(resource, placed):
                continue
            answer = use_through(placed.document, statement, None)
            if isinstance(answer, Yes):
                yield placed.finding(
                    statement.principal_path,
                    "everybody who is not named here is let in, as far as the conditions go",
                    witness=answer.witness,
                    cause=cause_of(placed, statement.path),
                )
            else:
                yield from placed.findings(answer, "", "somebody is let in", cause=placed.value.path)


RULE = ResourceRule(
    id="resource-policy-not-principal",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A resource policy allows every principal but those it names",
    why="NotPrincipal in an Allow lets in the rest of the world, the anonymous included, up to the conditions beside it.",
    fix='Name under "Principal" who is let in; to keep somebody out, use a Deny with a condition on aws:PrincipalArn.',
    covers=("LP-52", "LP-55", "PB-23"),
    yields_to=above("resource-policy-not-action"),
    types=(*RESOURCE_POLICY_TYPES, *BUCKET_LIKE_TYPES),
    check=check,
)
