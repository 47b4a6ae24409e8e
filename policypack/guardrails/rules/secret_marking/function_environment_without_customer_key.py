"""A function's environment is encrypted with the key of AWS (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    environment = resource["environment"]
    variables = next(environment.elements(), environment)["variables"]
    # What is not known yet holds variables: a program gives none where it wants none.
    if (variables.raw or variables.unknown) and resource["kmsKeyArn"].absent:
        yield Finding(
            path="kmsKeyArn", message="the environment variables are encrypted with the key of AWS, not with your own"
        )


RULE = ResourceRule(
    id="function-environment-without-customer-key",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A function's environment has no encryption key of its own",
    why="With the key of AWS, whoever may read the function's configuration reads its variables; a key of your own takes a second permission.",
    fix="Give the ARN of an `aws.kms.Key` in kms_key_arn, and read secrets at run time from where they are stored.",
    covers=("SM-33",),
    types=("aws:lambda/function:Function",),
    check=check,
)
