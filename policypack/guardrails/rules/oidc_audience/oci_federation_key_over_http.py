"""The keys of an issuer are fetched over plain http."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import ANYTHING
from ..propagation_trusts import TRUST_TYPES, of_active, quoted

_PROVIDER: Final = "oci:Identity/identityProvider:IdentityProvider"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if resource.type == _PROVIDER:
        yield from _findings(resource, "metadataUrl")
    else:
        yield from of_active(resource, _findings(resource, "publicKeyEndpoint"))


def _findings(resource: Resource, key: str) -> Iterator[Finding]:
    address = resource[key]
    if address.text is not None and address.text.strip().lower().startswith("http://"):
        yield Finding(path=address.path, message=f"the issuer's keys come from {quoted(address)}, without TLS")
    elif address.unknown or ANYTHING.match(address.text or ""):
        yield undecided(
            address.path, "whether the issuer's keys come over TLS hangs on an address that is not known yet"
        )


RULE = ResourceRule(
    id="oci-federation-key-over-http",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="The keys of a trusted issuer are fetched over plain http",
    why="Whoever stands on the way can hand over a key of their own, and sign tokens that OCI then takes for the issuer's.",
    fix="Write the address with https.",
    covers=("OI-12b",),
    types=(*TRUST_TYPES, _PROVIDER),
    check=check,
)
