"""A stored secret is deleted at once, or overwritten in other regions."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    window, force = resource["recoveryWindowInDays"], resource["forceOverwriteReplicaSecret"]
    if window.unknown:
        yield undecided(window.path, "how long the secret can be restored after its deletion is not known yet")
    elif window.raw == 0 and window.flag is None:
        yield Finding(
            path=window.path, message="the secret is deleted at once, without days in which it could be restored"
        )
    if force.flag is True:
        yield Finding(
            path=force.path,
            message="a secret of the same name in a region of the replicas is overwritten and cannot be restored",
            fix="Drop force_overwrite_replica_secret, or give the secret a name of its own.",
        )


RULE = ResourceRule(
    id="secret-without-recovery-window",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    title="A stored secret cannot be restored once deleted",
    why="A mistaken deletion, or one by an intruder, then locks out everything that reads the secret, for good.",
    fix="Leave recovery_window_in_days out (30 days), or set 7 to 30.",
    covers=("SM-30",),
    types=("aws:secretsmanager/secret:Secret",),
    check=check,
)
