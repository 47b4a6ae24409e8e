"""A Lambda permission lets a service call the function on behalf of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.accounts import account_of
from ...aws.answers import No
from ...aws.exposure import serves_strangers
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import statement_of
from ..resource_policies import LAMBDA_PERMISSIONS, cause_of, grants

_FIX: Final = 'source_arn=SOURCE.arn, source_account="ACCOUNT"'


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in grants(resource):
        service = next(
            (each.name for each in placed.document.statements[0].named_principals if each.kind == "Service"), ""
        )
        if not service:
            continue
        answer = placed.ask(serves_strangers)
        arn = resource["sourceArn"]
        yield from placed.findings(
            answer,
            f"{service} may call this function for a resource of any account",
            f"{service} may call this function for a resource of any account",
            fix=f"Say for which resource: {_FIX}.",
            cause="" if isinstance(answer, No) else cause_of(placed, statement_of(answer.path)),
        )
        if (
            isinstance(answer, No)
            and (arn.text or "").startswith("arn:")
            and not account_of(arn.text or "")
            and resource["sourceAccount"].absent
        ):
            message = f"the ARN names no account, and whoever owns {arn.text} next may be somebody else"
            yield Finding(path=arn.path, message=message, fix=f"Add the account: {_FIX}.", severity=Severity.LOW)


RULE = ResourceRule(
    id="lambda-permission-without-source",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A service may call a function on behalf of anybody",
    why="The service serves every customer: another one can point a resource of its own at this function and have it called.",
    fix="Name the source: source_arn with an ARN that fixes the account, and source_account where the ARN has none (buckets).",
    covers=("LP-42",),
    types=LAMBDA_PERMISSIONS,
    check=check,
)
