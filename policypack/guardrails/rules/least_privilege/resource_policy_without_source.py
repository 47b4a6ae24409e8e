"""A resource policy lets a service use the resource on behalf of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ...aws.document import Statement
from ...aws.evaluate import Principal
from ...aws.exposure import Exposure, grants_on_behalf
from ...aws.offers import actions_of
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import Placed, statement_of
from ..bucket_policies import open_statements
from ..precedence import above
from ..resource_policies import BUCKET_LIKE_TYPES, RESOURCE_POLICY_TYPES, cause_of, resource_policies, services_of

# What services do for their customers' resources: deliver, call, and read what they were told to.
_USES: Final[Mapping[str, tuple[str, ...]]] = {
    "events": ("events:PutEvents",),
    "execute-api": ("execute-api:Invoke",),
    "kinesis": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "lambda": ("lambda:InvokeFunction",),
    "s3": ("s3:GetObject", "s3:PutObject"),
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
# Of a bucket: services that fetch what a customer points them at, and those that write their customers' logs and
# reports. The latter write below the account that they write for where they write below AWSLogs.
_BUCKET_READERS: Final = frozenset(f"{each}.amazonaws.com" for each in ("cloudfront", "serverlessrepo"))
_BUCKET_WRITERS: Final = frozenset(
    f"{each}.amazonaws.com"
    for each in ("bcm-data-exports", "billingreports", "cloudtrail", "config", "delivery.logs", "guardduty", "logging.s3",
                 "macie", "s3", "ses")
)  # fmt: skip
_OF_AN_ACCOUNT: Final = re.compile(r"/AWSLogs/(?:o-[^/*?]+/)?(?:\d{12}|standin\w+)/")
_ANY: Final = "any-service.amazonaws.com"
_SERVICE_TOO: Final = ', and the service that is meant under "Principal".'


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    services = services_of(resource)
    for placed in resource_policies(resource):
        fixed = {each.path for each in placed.document.statements if _is_of_an_account(each)}
        if resource.type in BUCKET_LIKE_TYPES and "" in placed.document.holes:
            continue
        found = grants_on_behalf(placed.document, lambda caller: _asked(caller, services))
        worst: dict[str, Exposure] = {}
        for one in found.found:
            is_fixed = one.statement in fixed and one.witness.request.principal.name in _BUCKET_WRITERS
            if is_fixed or one.statement in open_statements(resource, placed):
                continue
            before = worst.setdefault(one.statement, one)
            if _severity(one).rank > _severity(before).rank:
                worst[one.statement] = one
        for one in worst.values():
            yield _finding(placed, one)
        doubt = next((doubt for doubt in found.doubts if statement_of(doubt.path) not in worst), None)
        if doubt is not None:
            yield from placed.findings(
                doubt, "", "a service may use this resource on behalf of strangers", cause=placed.value.path
            )


def _finding(placed: Placed, exposure: Exposure) -> Finding:
    request = exposure.witness.request
    is_any = request.principal.name == _ANY
    return placed.finding(
        exposure.path,
        f"{'any service' if is_any else request.principal.name} may {request.action} on this resource "
        "for a resource of any account",
        fix='Name the source: "Condition": {"ArnLike": {"aws:SourceArn": "ARN_OF_THE_SOURCE"}, "StringEquals": '
        f'{{"aws:SourceAccount": "ITS_ACCOUNT"}}}}{_SERVICE_TOO if is_any else "."}',
        witness=exposure.witness,
        cause=cause_of(placed, exposure.statement),
        severity=_severity(exposure),
    )


def _asked(caller: Principal, services: tuple[str, ...]) -> tuple[str, ...]:
    """The actions to ask a service about; none where it does nothing for others here."""
    if caller.name == _ANY:
        return actions_of(services)
    if "s3" in services:
        read, write = _USES["s3"]
        return (read,) * (caller.name in _BUCKET_READERS) + (write,) * (caller.name in _BUCKET_WRITERS)
    used = tuple(action for each in services for action in _USES.get(each, ()))
    return tuple(each for each in used if caller.name in _DEPUTIES and (caller.name, each) != _WITHOUT_CONDITIONS)


def _is_of_an_account(statement: Statement) -> bool:
    """Whether what a statement speaks of is written for one account only."""
    texts = statement.resources or ()
    return bool(texts) and all(text is not None and _OF_AN_ACCOUNT.search(text) for text in texts)


def _severity(exposure: Exposure) -> Severity:
    request = exposure.witness.request
    if request.principal.name == _ANY:
        return Severity.HIGH
    if request.principal.name in _BUCKET_WRITERS and request.action == "s3:PutObject":
        return Severity.LOW
    is_notice = request.action == "sns:Publish" and request.principal.name in _NOTICES
    return Severity.LOW if is_notice else Severity.MEDIUM


RULE = ResourceRule(
    id="resource-policy-without-source",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A resource policy lets a service act on behalf of anybody",
    why="The service serves every customer: another one can point a resource of its own at this one and have it used.",
    fix="Name the source: a condition on aws:SourceArn that fixes the account, on aws:SourceAccount or on aws:SourceOrgID.",
    covers=("LP-36", "PB-26"),
    yields_to=above("resource-policy-every-action"),
    types=(*RESOURCE_POLICY_TYPES, *BUCKET_LIKE_TYPES),
    check=check,
)
