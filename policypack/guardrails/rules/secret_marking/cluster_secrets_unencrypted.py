"""A cluster stores the secrets of Kubernetes without envelope encryption."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..cluster_secrets import CLUSTER, encrypts_by_default, without_own_key


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    place = without_own_key(resource)
    if place is None:
        return
    version = resource["version"]
    default = encrypts_by_default(version)
    if default is None or (place.unknown and not default):
        unread = version if default is None else place
        yield undecided(unread.path, f"{unread.path} is not known yet, so whether secrets are encrypted cannot be told")
    elif not default:
        yield Finding(
            path=place.path,
            message=f"the secrets of the cluster are not encrypted: Kubernetes {version.text} does it only with a key of your own",
            cause=place.path,
        )


RULE = ResourceRule(
    id="cluster-secrets-unencrypted",
    concern=Concern.SECRET_MARKING,
    severity=Severity.MEDIUM,
    title="A cluster does not encrypt the secrets of Kubernetes",
    why="Before version 1.28 EKS keeps secrets as plain base64 in its store; whoever gets at a copy of it reads them all.",
    fix='Set encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]}, or upgrade to 1.28 or later.',
    controls=("FSBP-1.0.0:EKS.3",),
    covers=("SM-34",),
    types=(CLUSTER,),
    check=check,
)
