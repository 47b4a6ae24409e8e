"""A stored secret is never rotated (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Stack
from ...rule import StackRule

_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
_ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    rotated = {
        secret.urn
        for rotation in stack.of_type([_ROTATION])
        for secret in stack.targets(rotation, "secretId", [_SECRET], ["id", "arn", "name"])
    }
    for secret in stack.of_type([_SECRET]):
        if secret.urn not in rotated:
            yield Finding(path="", urn=secret.urn, message="no rotation in this stack renews this secret")


RULE = StackRule(
    id="secret-without-rotation",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A stored secret is never rotated",
    why="A secret that never changes stays useful to whoever once saw it.",
    fix="Add an `aws.secretsmanager.SecretRotation` for it, or rotate it outside the stack and leave this advice disabled.",
    controls=("FSBP-1.0.0:SecretsManager.1",),
    types=(_SECRET,),
    check=check,
)
