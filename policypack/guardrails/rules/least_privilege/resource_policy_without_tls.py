"""A queue or topic may be used without TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.document import Document, readable
from ...aws.exposure import without_tls
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import has_stand_in
from ..precedence import above
from ..resource_policies import RESOURCE_POLICY_TYPES, resource_policies, services_of

_DENY: Final = (
    '{{"Effect": "Deny", "Principal": "*", "Action": "{0}:*", "Resource": "{1}", '
    '"Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}'
)
_ARNS: Final = {"sqs": "QUEUE_ARN", "sns": "TOPIC_ARN"}
_TYPES: Final = tuple(each for each in RESOURCE_POLICY_TYPES if each.split(":")[1].partition("/")[0] in ("sqs", "sns"))


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    (service,) = services_of(resource)
    for placed in resource_policies(resource):
        yield from placed.findings(
            without_tls(placed.document, (service,)),
            "a request without TLS gets through this policy",
            "requests without TLS get through",
            fix=_fix(placed.document, service),
            cause=placed.value.path,
        )


def _fix(document: Document, service: str) -> str:
    written = [text for each in document.statements for text in readable(each.resources) if not has_stand_in(text)]
    if written:
        return f"Add {_DENY.format(service, written[0])}."
    return f"Add {_DENY.format(service, _ARNS[service])}, with the ARN for {_ARNS[service]}."


RULE = ResourceRule(
    id="resource-policy-without-tls",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A queue or topic may be used without TLS",
    why="Queues and topics answer on plain HTTP too, where everybody on the way can read and change the messages.",
    fix='Add a Deny for "aws:SecureTransport": "false".',
    covers=("LP-56",),
    yields_to=above("resource-policy-every-action"),
    types=_TYPES,
    check=check,
)
