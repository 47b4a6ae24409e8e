"""Deployments of OCI API gateways: who is asked to sign in, and which functions stand behind.

Semantics: Oracle Cloud Infrastructure documentation, "Adding Authentication and Authorization to API Deployments".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ..model import Resource, Stack, Value
from ..values import State

DEPLOYMENT: Final = "oci:ApiGateway/deployment:Deployment"
GATEWAY: Final = "oci:ApiGateway/gateway:Gateway"
_FUNCTION: Final = "ORACLE_FUNCTIONS_BACKEND"
_ROUTING: Final = "DYNAMIC_ROUTING_BACKEND"
_ANONYMOUS: Final = "ANONYMOUS"
_PRIVATE: Final = "PRIVATE"


class SignIn(Enum):
    """Whether the callers of a deployment are asked who they are."""

    NOBODY = auto()
    WHERE_A_ROUTE_ASKS = auto()  # a route may let in those who are not
    EVERYBODY = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Open:
    """A route to a function on which nobody is asked who he is. `doubt`: what is not known, where that decides."""

    route: Value
    doubt: str = ""

    @property
    def shown(self) -> str:
        """The route's path for a message."""
        path = self.route["path"]
        return f"`{path.text}`" if path.text and not path.secret else f"route {self.route.keys[-1]}"


def is_private(stack: Stack, deployment: Resource) -> bool:
    """Whether only those in the network of its gateway reach a deployment."""
    gateways = stack.targets(deployment, "gatewayId", [GATEWAY], ["id"])
    return bool(gateways) and all(gateway["endpointType"].text == _PRIVATE for gateway in gateways)


def sign_in(specification: Value) -> SignIn:
    """Whom a deployment asks to sign in: with a token, a client certificate or a subscriber's token."""
    policies = specification["requestPolicies"]
    certificate = policies["mutualTls"]["isVerifiedCertificateRequired"]
    plans = policies["usagePlans"]["tokenLocations"]
    authentication = policies["authentication"]
    servers = policies["dynamicAuthentication"]["authenticationServers"]
    if certificate.flag or (plans.state is State.KNOWN and plans.raw):
        return SignIn.EVERYBODY
    if any(_hidden(value) for value in (policies, certificate, plans, authentication, servers)):
        return SignIn.UNKNOWN
    ways = [authentication, *(server["authenticationServerDetail"] for server in servers.elements())]
    ways = [way for way in ways if way.raw]
    if not ways:
        return SignIn.NOBODY
    anonymous = [way["isAnonymousAccessAllowed"] for way in ways]
    return SignIn.WHERE_A_ROUTE_ASKS if any(each.flag or _hidden(each) for each in anonymous) else SignIn.EVERYBODY


def open_functions(specification: Value) -> Iterator[Open]:
    """The routes to functions that let in callers who do not sign in."""
    asked = sign_in(specification)
    if asked is SignIn.EVERYBODY:
        return
    for route in specification["routes"].elements():
        behind = _is_function(route["backend"])
        if behind is False:
            continue
        doubts = [] if behind else ["what stands behind it"]
        if asked is SignIn.UNKNOWN:
            doubts.append("whether callers have to sign in")
        if asked is SignIn.WHERE_A_ROUTE_ASKS:
            kind = route["requestPolicies"]["authorization"]["type"]
            if _hidden(kind):
                doubts.append("whom it lets in")
            elif (kind.text or "").upper() != _ANONYMOUS:
                continue
            elif not _anonymous_allowed(specification):
                doubts.append("whether the deployment lets in anybody who did not sign in")
        yield Open(route, " and ".join(doubts))


def _anonymous_allowed(specification: Value) -> bool:
    """Whether a way to sign in is known to let in those who do not."""
    policies = specification["requestPolicies"]
    servers = policies["dynamicAuthentication"]["authenticationServers"].elements()
    ways = [policies["authentication"], *(server["authenticationServerDetail"] for server in servers)]
    return any(way["isAnonymousAccessAllowed"].flag for way in ways)


def _is_function(backend: Value) -> bool | None:
    """Whether a function stands behind a route, alone or among others; None where that is not known."""
    backends = [backend]
    if backend["type"].text == _ROUTING:
        routing = backend["routingBackends"]
        backends = [routing] if _hidden(routing) else [each["backend"] for each in routing.elements()]
    types = [each["type"] for each in backends]
    if any(type_.text == _FUNCTION for type_ in types):
        return True
    return None if any(map(_hidden, types)) else False


def _hidden(value: Value) -> bool:
    return value.state in {State.UNKNOWN, State.STAND_IN}
