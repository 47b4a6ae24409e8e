"""What is uploaded as an API key is no RSA public key."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ...secrets.public_keys import NoKey
from ..oci_users import KEYS, public_key


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    key = public_key(resource)
    if isinstance(key, NoKey):
        yield Finding(
            path=KEYS[resource.type],
            message=f"OCI takes an RSA public key in PEM, and this is {key.reason}",
            fix=f"Upload what `{key.command}` prints.",
        )


RULE = ResourceRule(
    id="oci-api-key-malformed",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An API key is not an RSA public key in PEM",
    why="OCI refuses the key in the middle of an update, and a user without a working key is soon given another way in.",
    fix="Upload what `openssl rsa -in KEY.pem -pubout` prints.",
    types=tuple(KEYS),
    check=check,
)
