"""Sessions of a permission set last long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule

# ISO 8601, as far as a duration has no calendar in it.
_DURATION: Final = re.compile(r"P(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?")
_SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PROPERTY: Final = "sessionDuration"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    duration = resource[_PROPERTY]
    # Without one, AWS gives an hour (AWS::SSO::PermissionSet).
    if duration.absent or not resource.gave(_PROPERTY):
        return
    most = int(cast("float", context.settings["maxHours"]))
    match = _DURATION.fullmatch(duration.text or "")
    if match is None:
        yield undecided(_PROPERTY, f"whether this is longer than {most} hours cannot be told")
    elif sum(int(match[unit] or 0) * seconds for unit, seconds in _SECONDS.items()) > most * 3_600:
        yield Finding(path=_PROPERTY, message=f"a session lasts {duration.text}, which is longer than {most} hours")


RULE = ResourceRule(
    id="permission-set-long-session",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="Sessions of a permission set last long",
    why="Credentials of a session cannot be taken back: whoever copies them keeps the access until it ends.",
    fix='Set session_duration="PT1H", or as many hours as the work takes; signing in again costs one click.',
    covers=("LP-76",),
    settings={
        "maxHours": {
            "type": "integer",
            "minimum": 1,
            "maximum": 12,
            "default": 8,
            "description": "The most hours that a session may last.",
        }
    },
    types=("aws:ssoadmin/permissionSet:PermissionSet", "aws-native:sso:PermissionSet"),
    check=check,
)
