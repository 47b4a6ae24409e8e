"""A VPC endpoint's policy lets everybody reach everything through it."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Yes
from ...aws.exposure import anything_passes
from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import statement_of
from ..resource_policies import ENDPOINT_POLICIES, cause_of, endpoint_policies


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in endpoint_policies(resource):
        answer = placed.ask(anything_passes)
        yield from placed.findings(
            answer,
            "anyone inside the network may use this endpoint with the resources of any account",
            "the endpoint's policy lets everybody reach everything",
            fix='Add "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-YOURS", "aws:PrincipalOrgID": "o-YOURS"}}.',
            cause=cause_of(placed, statement_of(answer.path)) if isinstance(answer, Yes) else "",
        )


RULE = ResourceRule(
    id="endpoint-policy-allows-everything",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A VPC endpoint's policy allows everything",
    why="Code inside the network can carry data out through the endpoint, to a bucket or queue in an account of somebody else.",
    fix="Limit the endpoint to your own resources and identities: aws:ResourceOrgID and aws:PrincipalOrgID.",
    covers=("LP-64",),
    level=Level.DISABLED,
    types=tuple(ENDPOINT_POLICIES),
    check=check,
)
