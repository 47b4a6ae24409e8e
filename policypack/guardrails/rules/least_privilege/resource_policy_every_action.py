"""A resource policy grants every action of the service."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Yes
from ...aws.document import Effect, Statement
from ...aws.exposure import use_through
from ...aws.offers import grants_whole_service, most_dangerous
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import Placed
from ..bucket_policies import open_statements
from ..precedence import above
from ..resource_policies import (
    BUCKET_LIKE_TYPES,
    RESOURCE_POLICY_TYPES,
    cause_of,
    resource_policies,
    root_account,
    services_of,
    unread,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in resource_policies(resource):
        yield from unread(resource, placed)
        for statement in placed.document.statements:
            yield from _judge(resource, placed, statement)


def _judge(resource: Resource, placed: Placed, statement: Statement) -> Iterator[Finding]:
    # Naming an account leaves the choice to its administrators; the owner's may always change the policy.
    # Services of any kind are another rule's.
    named = [
        each
        for each in statement.principals or ()
        if not root_account(each) and (each.kind, each.name) != ("Service", "*")
    ]
    if statement.effect is not Effect.ALLOW or not (named or statement.not_principals):
        return
    service = next((each for each in services_of(resource) if grants_whole_service(statement, each)), None)
    # Of a bucket, what lets strangers in is said by the rules on buckets.
    if service is None or statement.path in open_statements(resource, placed):
        return
    worst = most_dangerous(statement, (service,))
    answer = use_through(placed.document, statement, worst)
    who = named[0].name if len(named) == 1 and named[0].name else "whoever is named here"
    if statement.not_principals:
        who = "everybody but those in NotPrincipal"
    if isinstance(answer, Yes):
        yield placed.finding(
            statement.action_path,
            f"{who} may do everything that {service} offers on this resource, {worst} included",
            fix=f'List what is needed under "Action", without {worst}.',
            witness=answer.witness,
            cause=cause_of(placed, statement.path),
        )
    else:
        yield from placed.findings(answer, "", "everything is granted", cause=placed.value.path)


RULE = ResourceRule(
    id="resource-policy-every-action",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A resource policy grants every action of its service",
    why="Whoever may do everything may also rewrite the policy, let others in, and delete the resource.",
    fix="List what is needed, such as sqs:SendMessage for a producer; ReceiveMessage, DeleteMessage and GetQueueAttributes for a consumer.",
    covers=("LP-51", "PB-22"),
    yields_to=above("resource-policy-every-action"),
    types=(*RESOURCE_POLICY_TYPES, *BUCKET_LIKE_TYPES),
    check=check,
)
