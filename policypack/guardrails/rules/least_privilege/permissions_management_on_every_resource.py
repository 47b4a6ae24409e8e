"""An identity policy may change who may do what on resources that nobody named."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.dangers import Danger
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES
from ..precedence import above
from ..wide_grants import wide_findings


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from wide_findings(
        resource, Danger.PERMISSIONS, "decides who else gets in", "this policy may change permissions on every resource"
    )


RULE = ResourceRule(
    id="permissions-management-on-every-resource",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy may change permissions on every resource",
    why="Whoever may write the policy of any queue, key or bucket can open it to another account, and stays in after the credential is gone.",
    fix="Leave permissions management to the deployment, and name the resources: `arn:aws:sqs:REGION:ACCOUNT:QUEUE_NAME`.",
    covers=("LP-12",),
    yields_to=above("permissions-management-on-every-resource"),
    types=IDENTITY_TYPES,
    check=check,
)
