"""A KMS key is left to the default policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Stack
from ...rule import StackRule

_KEYS: Final[Mapping[str, str]] = {
    "aws:kms/key:Key": "policy",
    "aws:kms/externalKey:ExternalKey": "policy",
    "aws:kms/replicaKey:ReplicaKey": "policy",
}
_BESIDE: Final = "aws:kms/keyPolicy:KeyPolicy"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    keys = tuple(_KEYS)
    beside = list(stack.of_type([_BESIDE]))
    ruled = {key.urn for policy in beside for key in stack.targets(policy, "keyId", keys, ["keyId", "id", "arn"])}
    for key in stack.of_type(keys):
        if key.urn not in ruled and (key["policy"].absent or not key.gave("policy")):
            yield Finding(
                path="policy",
                urn=key.urn,
                message="the key has no policy of its own, so every identity of the account that IAM lets use keys may use it",
            )


RULE = StackRule(
    id="key-without-policy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A KMS key is left to the default key policy",
    why="The default hands the decision to IAM, where any policy with kms:Decrypt on every key reaches this one.",
    fix="Give the key a policy that names who administers it and who uses it.",
    covers=("LP-48",),
    level=Level.DISABLED,
    types=(*_KEYS, _BESIDE),
    check=check,
)
