"""A resource policy lets strangers use the resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...aws import actions as table
from ...aws.actions import AccessLevel
from ...aws.callers import meant
from ...aws.exposure import Exposure
from ...aws.offers import BELOW_A_DOMAIN
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import Placed, statement_of
from ..resource_policies import GRANTING_TYPES, RESOURCE_POLICY_TYPES, WITHIN_ORGANIZATION, cause_of, exposed, grants

_BY_LEVEL: Final = {
    AccessLevel.LIST: Severity.LOW,
    AccessLevel.READ: Severity.HIGH,
    AccessLevel.TAGGING: Severity.MEDIUM,
    AccessLevel.WRITE: Severity.HIGH,
    AccessLevel.PERMISSIONS_MANAGEMENT: Severity.CRITICAL,
}
# What these hold is secret.
_VAULTS: Final = ("kms", "secretsmanager")
# An API, or a service inside the network, without any policy is as open: it signs callers in by itself.
_ENTRANCES: Final = ("execute-api", "vpc-lattice-svcs")
# Either says that the call came through a function URL, whose own sign-in is another rule's.
_THROUGH_URL: Final[Mapping[str, str]] = {
    "lambda:functionurlauthtype": "NONE",
    "lambda:invokedviafunctionurl": "true",
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for each in grants(resource):
        found = exposed(resource, each)
        worst: dict[str, tuple[Severity, Exposure]] = {}
        for one in found.found:
            severity = _severity(resource, one)
            if one.statement not in worst or worst[one.statement][0].rank < severity.rank:
                worst[one.statement] = severity, one
        for severity, one in worst.values():
            yield _finding(resource, each, one, severity)
        doubt = next((doubt for doubt in found.doubts if statement_of(doubt.path) not in worst), None)
        if doubt is not None:
            yield from each.findings(doubt, "", "strangers may use this resource", cause=each.value.path)


def _severity(resource: Resource, exposure: Exposure) -> Severity:
    """How bad it is that strangers may do this."""
    request = exposure.witness.request
    service = request.action.partition(":")[0].lower()
    given = {key.lower(): value for key, value in request.context.items()}
    inside = request.action.startswith(BELOW_A_DOMAIN) and not resource["vpcOptions"].absent
    if service in _ENTRANCES or inside or any(given.get(key) == value for key, value in _THROUGH_URL.items()):
        return Severity.LOW
    known = table.action(request.action)
    if known is None:
        return Severity.HIGH
    reads_or_writes = known.level in (AccessLevel.READ, AccessLevel.WRITE)
    return Severity.CRITICAL if service in _VAULTS and reads_or_writes else _BY_LEVEL[known.level]


def _finding(resource: Resource, placed: Placed, exposure: Exposure, severity: Severity) -> Finding:
    request = exposure.witness.request
    others = len(exposure.actions) - 1
    more = "" if others < 1 else f" and {others} more action{'s' * (others > 1)}"
    return placed.finding(
        exposure.path,
        f"{meant(request.principal)} may {request.action}{more} on this resource",
        fix=_fix(resource, request.action),
        witness=exposure.witness,
        cause=cause_of(placed, exposure.statement),
        severity=severity,
    )


def _fix(resource: Resource, action: str) -> str:
    if resource.type not in RESOURCE_POLICY_TYPES:
        argument = WITHIN_ORGANIZATION.get(resource.type)
        within = f", or limit it to your organization: {argument}" if argument else ""
        return f"Name the account, role or service that needs {action} as the principal{within}."
    return (
        f'Name who needs {action}, such as "Principal": {{"AWS": "arn:aws:iam::ACCOUNT:role/NAME"}}, or keep strangers '
        "out with a condition on a fixed value of aws:PrincipalOrgID, aws:PrincipalAccount or, for calls by a service, "
        "aws:SourceArn and aws:SourceAccount."
    )


RULE = ResourceRule(
    id="resource-policy-open-to-strangers",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="A resource policy lets strangers use the resource",
    why="Whoever finds out the name of the resource, in any AWS account or none, can make the request that is shown.",
    fix='Name who needs access in "Principal", or add a condition that strangers cannot meet: aws:PrincipalOrgID, aws:SourceArn or aws:SourceAccount with fixed values.',
    controls=("FSBP-1.0.0:KMS.5", "FSBP-1.0.0:SNS.4", "FSBP-1.0.0:Lambda.1"),
    covers=("LP-24", "LP-40", "LP-47", "LP-50", "LP-53", "LP-57", "LP-58", "LP-59", "LP-60", "LP-64"),
    types=GRANTING_TYPES,
    check=check,
)
