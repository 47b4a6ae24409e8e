"""A policy that AWS manages is attached (advice)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..identities import ATTACHING

_OF_AWS: Final = re.compile(r"arn:[^:]+:iam::aws:policy/(.+)")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    key = ATTACHING[resource.type]
    for value in resource[key].elements() if resource.gave(key) else ():
        match = _OF_AWS.fullmatch(value.text or "")
        if match is not None:
            shown = "the policy" if value.secret else match[1]
            message = f"{shown} is written by AWS for all its customers, and AWS may widen it at any time"
            yield Finding(path=value.path, message=message)


RULE = ResourceRule(
    id="managed-policy-of-aws-attached",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A policy that AWS manages is attached",
    why="Such a policy is meant for every account, so it grants on all resources, and it changes without a change in this program.",
    fix="Write a policy with the actions that are used, on the ARNs of this stack, and attach that.",
    covers=("LP-17",),
    types=tuple(ATTACHING),
    check=check,
)
