"""A stored secret is never rotated (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule

_SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
_ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
_NATIVE_SECRET: Final = "aws-native:secretsmanager:Secret"  # noqa: S105 - a type token
_NATIVE_ROTATION: Final = "aws-native:secretsmanager:RotationSchedule"
_SECRETS: Final = (_SECRET, _NATIVE_SECRET)
_ROTATIONS: Final = (_ROTATION, _NATIVE_ROTATION)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    rotated: set[str] = set()
    unplaced = ""
    for rotation in stack.of_type(_ROTATIONS):
        of = stack.targets(rotation, "secretId", _SECRETS, ["id", "arn", "name"])
        rotated |= {secret.urn for secret in of}
        if not of and rotation["secretId"].unknown:
            unplaced = rotation.name
    for secret in stack.of_type(_SECRETS):
        if secret.urn in rotated:
            continue
        if unplaced:
            yield undecided("", f"which secret {unplaced} rotates is not known yet; it may be this one", urn=secret.urn)
        else:
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
    covers=("SM-30",),
    types=_SECRETS,
    check=check,
)
