"""A private key is given where OCI wants a public one."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...secrets.detectors import holds_private_key
from ...values import may_be_anything
from ..oci_users import KEYS


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    value = resource[KEYS[resource.type]]
    text = value.text or ""
    if holds_private_key(text):
        yield Finding(
            path=value.path,
            message="the key uploaded as public key is a private key: it leaves your machine and is kept by the provider and in the state",
        )
    elif value.unknown or may_be_anything(text):
        yield undecided(value.path, f"{value.path} is not known yet, so whether it is a public key cannot be told")


RULE = ResourceRule(
    id="api-key-private-key",
    concern=Concern.SECRET_MARKING,
    severity=Severity.CRITICAL,
    title="A private key is uploaded as an API key's public key",
    why="Whoever reads the private key can sign requests as the user; once uploaded it must be taken as disclosed.",
    fix="Upload the public half (`openssl rsa -in key.pem -pubout`), and replace the key pair: this one has been handed out.",
    covers=("SM-18",),
    types=tuple(KEYS),
    check=check,
)
