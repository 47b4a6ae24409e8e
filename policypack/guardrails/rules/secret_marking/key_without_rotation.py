"""A KMS key keeps the same key material for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule

_YEAR: Final = 365
# KMS rotates symmetric encryption keys whose material it made itself, and no others: keys of any other form, and those
# of custom key stores, cannot have it on. Imported material and replicas are types of their own.
_FORM: Final = {"customerMasterKeySpec": "SYMMETRIC_DEFAULT", "keyUsage": "ENCRYPT_DECRYPT"}
_STORES: Final = ("customKeyStoreId", "xksKeyId")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if any(not resource[name].absent for name in _STORES):
        return
    if any(resource[name].text not in (None, usual) for name, usual in _FORM.items()):
        return
    rotation, period = resource["enableKeyRotation"], resource["rotationPeriodInDays"]
    unread = [name for name in (*_FORM, "enableKeyRotation") if resource[name].unknown]
    if rotation.flag is True:
        if isinstance(period.raw, int | float) and period.raw > _YEAR:
            message = f"the key is rotated every {period.raw:g} days only, which is less than once a year"
            yield Finding(path=period.path, message=message, fix=f"Set rotation_period_in_days to {_YEAR} or less.")
        elif period.unknown:
            yield undecided(period.path, "how often the key is rotated is not known yet")
    elif unread:
        yield undecided(unread[0], f"{unread[0]} is not known yet, so whether the key is rotated cannot be told")
    else:
        yield Finding(path=rotation.path, message="the key is not rotated: KMS does it only where it is told to")


RULE = ResourceRule(
    id="key-without-rotation",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    title="A KMS key is never rotated",
    why="All that was ever encrypted with the key hangs on the same key material; rotation bounds how much one loss lays open.",
    fix="Set enable_key_rotation=True: key id, aliases and what is encrypted already stay usable.",
    controls=("CIS-AWS-3.0.0:3.6", "FSBP-1.0.0:KMS.4"),
    covers=("SM-35",),
    types=("aws:kms/key:Key",),
    check=check,
)
