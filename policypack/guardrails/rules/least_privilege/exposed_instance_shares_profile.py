"""An instance that the internet reaches has the same instance profile as one that it does not (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..joins import named

_INSTANCE: Final = "aws:ec2/instance:Instance"
_PROFILE: Final = "aws:iam/instanceProfile:InstanceProfile"
_ADDRESS: Final = "associatePublicIpAddress"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    by_profile: dict[str, list[Resource]] = {}
    for instance in stack.of_type([_INSTANCE]):
        for profile in named(stack, instance, "iamInstanceProfile", [_PROFILE], ["name", "id", "arn"]):
            by_profile.setdefault(profile, []).append(instance)
    for instances in by_profile.values():
        hidden = [one for one in instances if not one.gave(_ADDRESS) or one[_ADDRESS].flag is not True]
        for instance in instances:
            if not hidden or not instance.gave(_ADDRESS):
                continue
            if instance[_ADDRESS].flag:
                message = f"this instance has a public address, and the same instance profile as {hidden[0].name!r}, which has none"
                yield Finding(path="iamInstanceProfile", urn=instance.urn, message=message)
            elif instance[_ADDRESS].unknown and len(instances) > 1:
                yield undecided(
                    _ADDRESS, "whether the instance has a public address is not known yet", urn=instance.urn
                )


RULE = StackRule(
    id="exposed-instance-shares-profile",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An instance with a public address shares the profile of another",
    why="Whoever breaks into the one that the internet reaches has what the other one, behind it, was trusted with.",
    fix="Give the instance with the public address a profile and a role of its own.",
    covers=("LP-63",),
    types=(_INSTANCE,),
    check=check,
)
