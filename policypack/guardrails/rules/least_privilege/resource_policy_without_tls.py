"""A queue or topic may be used without TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.document import readable
from ...aws.exposure import without_tls
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..resource_policies import RESOURCE_POLICY_TYPES, resource_policies, services_of

_DENY: Final = (
    '{{"Effect": "Deny", "Principal": "*", "Action": "{0}:*", "Resource": "{1}", '
    '"Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}'
)
_TYPES: Final = tuple(each for each in RESOURCE_POLICY_TYPES if each.split(":")[1].partition("/")[0] in ("sqs", "sns"))


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    (service,) = services_of(resource)
    for placed in resource_policies(resource):
        resources = [text for each in placed.document.statements for text in readable(each.resources)]
        yield from placed.findings(
            placed.ask(without_tls),
            "a request without TLS gets through this policy",
            "requests without TLS get through",
            fix=f"Add {_DENY.format(service, resources[0] if resources else '*')}.",
            cause=placed.value.path,
        )


RULE = ResourceRule(
    id="resource-policy-without-tls",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A queue or topic may be used without TLS",
    why="Queues and topics answer on plain HTTP too, where everybody on the way can read and change the messages.",
    fix='Add a Deny for "aws:SecureTransport": "false".',
    covers=("LP-56",),
    yields_to=("resource-policy-open-to-strangers",),
    types=_TYPES,
    check=check,
)
