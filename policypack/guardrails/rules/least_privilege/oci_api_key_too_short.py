"""The RSA key of an API key is short enough to be broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ...secrets.public_keys import RsaKey
from ..oci_users import KEYS, public_key

# Oracle's "Required Keys and OCIDs".
_SHORTEST: Final = 2048


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    key = public_key(resource)
    if isinstance(key, RsaKey) and key.bits < _SHORTEST:
        yield Finding(
            path=KEYS[resource.type],
            message=f"the RSA key has {key.bits} bits; OCI asks for {_SHORTEST} at the least",
        )


RULE = ResourceRule(
    id="oci-api-key-too-short",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="An API key has fewer than 2048 bits",
    why="Who computes the private half of a short key signs requests as the user, without ever having seen a secret.",
    fix="Make a new pair (`openssl genrsa -out KEY.pem 2048`) and upload what `openssl rsa -in KEY.pem -pubout` prints.",
    types=tuple(KEYS),
    check=check,
)
