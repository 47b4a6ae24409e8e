"""A key of OCI Vault is not rotated by the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule

_KEY: Final = "oci:Kms/key:Key"
_VAULT: Final = "oci:Kms/vault:Vault"
_VERSION: Final = "oci:Kms/keyVersion:KeyVersion"
# The service rotates only keys that lie in a virtual private vault; the keys of others are rotated by making a version.
_ROTATING: Final = "VIRTUAL_PRIVATE"
_LONGEST: Final = 365


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    renewed = {
        key.urn for version in stack.of_type([_VERSION]) for key in stack.targets(version, "keyId", [_KEY], ["id"])
    }
    for key in stack.of_type([_KEY]):
        automatic = key["isAutoRotationEnabled"]
        if automatic.flag is True:
            yield from _interval(key)
        elif key.urn not in renewed:
            yield from _unrotated(stack, key)


def _interval(key: Resource) -> Iterator[Finding]:
    days = key["autoKeyRotationDetails"]["rotationIntervalInDays"]
    if isinstance(days.raw, int | float) and days.raw > _LONGEST:
        message = f"the key is rotated every {days.raw:g} days only, which is less than once a year"
        yield Finding(path=days.path, urn=key.urn, message=message, fix=f"Set it to {_LONGEST} days or less.")


def _unrotated(stack: Stack, key: Resource) -> Iterator[Finding]:
    automatic = key["isAutoRotationEnabled"]
    for vault in stack.targets(key, "managementEndpoint", [_VAULT], ["managementEndpoint"]):
        kind = vault["vaultType"]
        if kind.unknown or (kind.text == _ROTATING and automatic.unknown and key.gave("isAutoRotationEnabled")):
            reason = f"{kind.path if kind.unknown else automatic.path} is not known yet"
            yield undecided(
                automatic.path, f"whether the service rotates the key cannot be told: {reason}", urn=key.urn
            )
        elif kind.text == _ROTATING:
            yield Finding(
                path=automatic.path,
                urn=key.urn,
                message="the key lies in a virtual private vault, where the service would rotate it, and it is not told to",
            )


RULE = StackRule(
    id="oci-key-without-auto-rotation",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    title="A key in a virtual private vault is not rotated",
    why="All that was ever encrypted with the key hangs on the same key material; rotation bounds how much one loss lays open.",
    fix='Set is_auto_rotation_enabled=True and auto_key_rotation_details={"rotation_interval_in_days": 365}.',
    controls=("CIS-OCI-3.0.0:4.16",),
    covers=("SM-42",),
    types=(_KEY,),
    check=check,
)
