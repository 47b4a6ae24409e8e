"""An identity propagation trust names no key to check the signature of a token with."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..own_issuers import SETTINGS_OF
from ..propagation_trusts import TRUST_TYPES, issuer_shown, of_active


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if all(resource[key].absent or resource[key].raw == "" for key in ("publicKeyEndpoint", "publicCertificate")):
        message = f"nothing says with which key the tokens of {issuer_shown(resource, context)} are signed"
        found = [Finding(path="publicKeyEndpoint", message=message)]
        yield from of_active(resource, found, tokens_alone=True)


RULE = ResourceRule(
    id="oci-propagation-trust-without-key",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="An identity propagation trust names no key of the issuer",
    why="Without the issuer's key no signature can be checked, so the trust takes no token, or one that anybody wrote.",
    fix="Set publicKeyEndpoint to the https address of the issuer's keys (jwks_uri), or publicCertificate to its certificate.",
    covers=("OI-12b",),
    settings_of=SETTINGS_OF,
    types=TRUST_TYPES,
    check=check,
)
