"""An EC2 instance has no instance profile (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule

_INSTANCE: Final = "aws:ec2/instance:Instance"
_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
_PROFILE: Final = "iamInstanceProfile"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for instance in stack.of_type([_INSTANCE]):
        if not _has_profile(instance):
            yield from _judge(stack, instance)


def _judge(stack: Stack, instance: Resource) -> Iterator[Finding]:
    templates = stack.targets(instance, "launchTemplate", [_TEMPLATE], [])
    if any(map(_has_profile, templates)):
        return
    if instance.gave("launchTemplate") and not instance["launchTemplate"].absent and not templates:
        reason = "whether the instance has a profile hangs on its launch template, which is none of this stack's own"
        yield undecided("launchTemplate", reason, urn=instance.urn)
    else:
        yield Finding(path=_PROFILE, urn=instance.urn, message="this instance has no role to call AWS with")


def _has_profile(resource: Resource) -> bool:
    return resource.gave(_PROFILE) and not resource[_PROFILE].absent and resource[_PROFILE].text != ""


RULE = StackRule(
    id="instance-without-profile",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An EC2 instance has no instance profile",
    why="Where software on it calls AWS, it has to hold a long-lived access key, which anyone who reads the disk can take.",
    fix="Give it `iam_instance_profile` with a role of its own that has just what its software needs.",
    controls=("CIS-AWS-3.0.0:1.18",),
    covers=("LP-63",),
    types=(_INSTANCE, _TEMPLATE),
    check=check,
)
