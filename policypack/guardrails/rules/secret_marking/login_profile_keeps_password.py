"""A console password need not be changed at the first sign-in (advice)."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    reset = resource["passwordResetRequired"]
    if reset.unknown:
        yield undecided(reset.path, "whether the password must be changed at the first sign-in is not known yet")
    elif reset.flag is not True:
        yield Finding(
            path=reset.path,
            message="the first password may be kept: whoever can decrypt the state or has passed it on knows it",
        )


RULE = ResourceRule(
    id="login-profile-keeps-password",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A console user may keep the first password",
    why="The first password is known to the program, its state and whoever handed it over; only a change makes it the user's own.",
    fix="Set password_reset_required=True; it counts when the profile is created.",
    covers=("SM-13",),
    types=("aws:iam/userLoginProfile:UserLoginProfile",),
    check=check,
)
