"""A cluster encrypts the secrets of Kubernetes with the key of AWS (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..cluster_secrets import CLUSTER, without_own_key


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    place = without_own_key(resource)
    if place is None:
        return
    if place.unknown:
        yield undecided(place.path, f"{place.path} is not known yet, so whether secrets have a key cannot be told")
    else:
        yield Finding(path=place.path, message="no key of your own encrypts the cluster's secrets", cause=place.path)


RULE = ResourceRule(
    id="cluster-secrets-without-customer-key",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A cluster's secrets have no encryption key of their own",
    why="The key of AWS has a policy that nobody can narrow, and its use is in no log of yours.",
    fix='Set encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]}.',
    controls=("FSBP-1.0.0:EKS.3",),
    covers=("SM-34",),
    yields_to=("cluster-secrets-unencrypted",),
    types=(CLUSTER,),
    check=check,
)
