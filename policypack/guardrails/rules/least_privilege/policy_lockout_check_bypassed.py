"""The check that a resource policy leaves its owner in is switched off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule

_SAFETY: Final = "bypassPolicyLockoutSafetyCheck"
_PROPERTY: Final[Mapping[str, str]] = {
    "aws:kms/externalKey:ExternalKey": _SAFETY,
    "aws:kms/key:Key": _SAFETY,
    "aws:kms/keyPolicy:KeyPolicy": _SAFETY,
    "aws:kms/replicaExternalKey:ReplicaExternalKey": _SAFETY,
    "aws:kms/replicaKey:ReplicaKey": _SAFETY,
    "aws:dsql/clusterPolicy:ClusterPolicy": _SAFETY,
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _SAFETY,
    "aws:xray/resourcePolicy:ResourcePolicy": "bypassPolicyLockoutCheck",
    "aws-native:kms:Key": _SAFETY,
    "aws-native:efs:FileSystem": _SAFETY,
    "aws-native:xray:ResourcePolicy": "bypassPolicyLockoutCheck",
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    value = resource[_PROPERTY[resource.type]]
    if value.flag is True:
        yield Finding(path=value.path, message="AWS will accept a policy here that nobody can change any more")
    elif not value.absent and value.flag is None:
        yield undecided(value.path, "whether the lockout check is switched off is not known yet")


RULE = ResourceRule(
    id="policy-lockout-check-bypassed",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="The lockout check of a resource policy is switched off",
    why="One mistake in the policy makes the resource unmanageable: a key that nobody can use or delete, with all that it encrypts.",
    fix="Leave the bypass out, and let the policy keep a statement for the role that deploys it or for the account.",
    covers=("LP-49",),
    types=tuple(_PROPERTY),
    check=check,
)
