"""An identity propagation trust names no client that may exchange tokens."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..propagation_trusts import TRUST_TYPES, of_active


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from of_active(resource, _findings(resource))


def _findings(resource: Resource) -> Iterator[Finding]:
    clients = [each for each in resource["oauthClients"].elements() if each.raw != ""]
    wildcard = next((each for each in clients if each.text is not None and not each.text.strip("* ")), None)
    if wildcard is not None:
        yield Finding(path=wildcard.path, message="a wildcard stands for the client that may exchange tokens here")
    elif not clients:
        yield Finding(path="oauthClients", message="no client is named that alone may exchange tokens here")
    elif resource["oauthClients"].unknown:
        yield undecided("oauthClients", "which clients may exchange tokens here cannot be read yet")


RULE = ResourceRule(
    id="oci-propagation-trust-without-client",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="An identity propagation trust names no OAuth client",
    why="A stolen token is enough to get a session in OCI if no client has to sign in with a secret of its own beside it.",
    fix="Make a confidential application for the exchange and name it: oauthClients = [app.name].",
    covers=("OI-12c",),
    types=TRUST_TYPES,
    check=check,
)
