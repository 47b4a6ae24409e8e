"""Requests that somebody makes without TLS."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from .answers import Witness
from .document import Document
from .domains import NEVER, NOT_TRUE, Domain, Domains, Presence

# Only a service that calls on behalf of a resource sends these.
OF_THE_SOURCE: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorg")
_TLS_VERSION: Final = "s3:tlsversion"


def tls_readings(document: Document) -> tuple[Domain, ...]:
    """What a request without TLS may hold for the version of TLS: none, or one below all. AWS does not say which, so a
    request counts only if it gets through by either."""
    asked = any(each.entries(_TLS_VERSION) for each in document.statements)
    return (NEVER, Domain(Presence.ALWAYS, only=("0",))) if asked else (NEVER,)


def as_plain(witness: Witness) -> Witness:
    """A witness that says that its request goes without TLS."""
    request = witness.request
    return replace(witness, request=replace(request, context={"aws:SecureTransport": "false", **request.context}))


def in_plain(domains: Domains, version: Domain) -> Domains:
    """The keys of a request that somebody makes without TLS, on nobody's behalf; `version` is what it may hold for the
    version of TLS."""

    def domain(key: str) -> Domain:
        if key in ("aws:securetransport", "aws:viaawsservice"):
            return NOT_TRUE
        if key == _TLS_VERSION:
            return version
        return NEVER if key.startswith(OF_THE_SOURCE) else domains(key)

    return domain
