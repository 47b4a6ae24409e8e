"""A resource policy lets a service use the resource on behalf of anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...aws.answers import Yes
from ...aws.document import Effect
from ...aws.evaluate import Principal
from ...aws.exposure import deputies_through
from ...aws.offers import actions_of
from ...aws.state import Budget
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..resource_policies import RESOURCE_POLICY_TYPES, cause_of, resource_policies, services_of

# What services do for their customers' resources: deliver, call, and read what they were told to.
_USES: Final[Mapping[str, tuple[str, ...]]] = {
    "events": ("events:PutEvents",),
    "execute-api": ("execute-api:Invoke",),
    "kinesis": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "lambda": ("lambda:InvokeFunction",),
    "secretsmanager": ("secretsmanager:GetSecretValue",),
    "sns": ("sns:Publish",),
    "sqs": ("sqs:SendMessage", "sqs:ReceiveMessage"),
}
# Any customer can point a resource of one of these at a queue, a topic, a stream or a function of somebody else.
_DEPUTIES: Final = frozenset(
    f"{each}.amazonaws.com"
    for each in ("apigateway", "budgets", "cloudtrail", "cloudwatch", "codestar-notifications", "config", "costalerts",
                 "events", "iot", "pipes", "s3", "scheduler", "ses", "sns")
)  # fmt: skip
# A topic with an alarm's or a budget's mail in it is what most programs have, and AWS showed it so for years.
_NOTICES: Final = frozenset(
    f"{each}.amazonaws.com" for each in ("budgets", "cloudwatch", "codestar-notifications", "costalerts")
)
# What EventBridge publishes it publishes without a source: AWS documents that a condition keeps it out of the topic.
_WITHOUT_CONDITIONS: Final = ("events.amazonaws.com", "sns:Publish")
_ANY: Final = "any-service.amazonaws.com"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    services = services_of(resource)
    for placed in resource_policies(resource):
        budget = Budget()
        for statement in placed.document.statements:
            if statement.effect is Effect.DENY:
                continue
            answer = deputies_through(placed.document, statement, lambda caller: _asked(caller, services), budget)
            cause = cause_of(placed, statement.path)
            if not isinstance(answer, Yes):
                yield from placed.findings(
                    answer, "", "a service may use this resource on behalf of strangers", cause=cause
                )
                continue
            request = answer.witness.request
            name = request.principal.name
            yield placed.finding(
                statement.principal_path,
                f"{'any service' if name == _ANY else name} may {request.action} on this resource "
                "for a resource of any account",
                fix='Name the source: "Condition": {"ArnLike": {"aws:SourceArn": "ARN_OF_THE_SOURCE"}, "StringEquals": '
                '{"aws:SourceAccount": "ITS_ACCOUNT"}}'
                + (', and the service under "Principal".' if name == _ANY else "."),
                witness=answer.witness,
                cause=cause,
                severity=_severity(name, request.action),
            )


def _asked(caller: Principal, services: tuple[str, ...]) -> tuple[str, ...]:
    """The actions to ask a service about; none where it does nothing for others here."""
    if caller.name == _ANY:
        return actions_of(services)
    used = tuple(action for each in services for action in _USES.get(each, ()))
    return tuple(each for each in used if caller.name in _DEPUTIES and (caller.name, each) != _WITHOUT_CONDITIONS)


def _severity(service: str, action: str) -> Severity:
    if service == _ANY:
        return Severity.HIGH
    return Severity.LOW if action == "sns:Publish" and service in _NOTICES else Severity.MEDIUM


RULE = ResourceRule(
    id="resource-policy-without-source",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A resource policy lets a service act on behalf of anybody",
    why="The service serves every customer: another one can point a resource of its own at this one and have it used.",
    fix="Name the source: a condition on aws:SourceArn that fixes the account, on aws:SourceAccount or on aws:SourceOrgID.",
    covers=("LP-36",),
    yields_to=("resource-policy-open-to-strangers",),
    types=RESOURCE_POLICY_TYPES,
    check=check,
)
