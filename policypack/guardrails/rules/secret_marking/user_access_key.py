"""A user gets a long-lived access key (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    kept = "" if resource["pgpKey"].text else ", and its secret is kept in the state"
    yield Finding(path="user", message=f"this access key lives until somebody deletes it{kept}")


RULE = ResourceRule(
    id="user-access-key",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A user has a long-lived access key",
    why="A long-lived key works from anywhere until it is found and deleted; most leaked AWS credentials are such keys.",
    fix="Let people sign in through an identity provider and workloads assume a role; where a key is needed, rotate it.",
    controls=("CIS-AWS-3.0.0:1.14",),
    covers=("SM-17",),
    types=("aws:iam/accessKey:AccessKey",),
    check=check,
)
