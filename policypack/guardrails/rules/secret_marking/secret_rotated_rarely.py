"""A secret is rotated, and too rarely (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import ResourceRule
from ...values import has_stand_in
from ..schedules import longest_pause

_DAYS: Final = "maximumDays"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    allowed = context.settings[_DAYS]
    rules = resource["rotationRules"]
    rules = next(rules.elements(), rules)
    after, schedule = rules["automaticallyAfterDays"], rules["scheduleExpression"]
    if rules.unknown or after.unknown:
        yield undecided(after.path, "how often the secret is rotated is not known yet")
    elif isinstance(after.raw, int | float):
        yield from _judge(after, float(after.raw), allowed)
    elif not schedule.absent:
        days = None if schedule.text is None or has_stand_in(schedule.text) else longest_pause(schedule.text)
        if days is None:
            yield undecided(schedule.path, f"how often the secret is rotated cannot be read from {schedule.path}")
        else:
            yield from _judge(schedule, days, allowed)


def _judge(place: Value, days: float, allowed: object) -> Iterator[Finding]:
    if isinstance(allowed, int | float) and days > allowed:
        yield Finding(
            path=place.path, message=f"up to {days:g} days pass before the secret is rotated; {allowed:g} are allowed"
        )


RULE = ResourceRule(
    id="secret-rotated-rarely",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A stored secret is rotated too rarely",
    why="Whoever has seen a secret can use it until the next rotation.",
    fix='Rotate within 90 days: rotation_rules={"automatically_after_days": 30}, or `rate(30 days)`.',
    controls=("FSBP-1.0.0:SecretsManager.4",),
    covers=("SM-31",),
    settings={
        _DAYS: {
            "type": "integer",
            "minimum": 1,
            "default": 90,
            "description": "So many days may pass between two rotations",
        }
    },
    types=("aws:secretsmanager/secretRotation:SecretRotation", "aws-native:secretsmanager:RotationSchedule"),
    check=check,
)
