"""The URL of an OIDC provider is none that AWS takes, or that any token has as its issuer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import has_stand_in
from ..oidc_providers import PROVIDER_TYPES

# Left over from a template: brackets, wildcards, white space, and words that ask for a value.
_BLANK: Final = re.compile(r"[<>{}$*\s]|(?<![a-z0-9])(?:your|changeme)(?![a-z0-9])", re.IGNORECASE)
_PARTS: Final = re.compile(r"([^/?#]*)([^?#]*)(.*)", re.DOTALL)
_DISCOVERY: Final = "/.well-known/"
_PORT: Final = re.compile(r":\d+$")
_ADDRESS: Final = re.compile(r"[\d.]+|\[.*")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    url = resource["url"]
    mistake = _mistake(url.text or "")
    if mistake:
        yield Finding(path=url.path, message=f"the issuer's URL {mistake}")
    elif url.is_open:
        yield undecided(url.path, "whether AWS takes the issuer's URL cannot be told: it is not known yet")


def _mistake(url: str) -> str:
    """What is wrong with a URL, to complete "the issuer's URL …"; empty for nothing.

    The IAM API Reference ("CreateOpenIDConnectProvider") has the form. A URL without scheme is how AWS reports one,
    and so how a provider that was imported has it.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme.lower() != "https":
        return f"starts with {scheme}://: AWS takes https:// alone, as whoever is on the way could forge the keys"
    if _BLANK.search(url):
        return "still has a place to be completed: no token comes from there"
    authority, path, more = _PARTS.findall(rest if separator else url)[0]
    host = authority.partition(":")[0]
    if more or "@" in authority:
        return "has more than host and path, which AWS refuses"
    if _PORT.search(authority):
        return "has a port, which AWS does not take in the URL of an issuer"
    if _DISCOVERY in path:
        return 'is that of the discovery document: "iss", and with it this URL, ends before /.well-known/'
    # An invented host says nothing of the real one.
    if url and not has_stand_in(url) and ("." not in host or _ADDRESS.fullmatch(host)):
        return "has no name that AWS finds on the internet, where it fetches the issuer's keys"
    return ""


RULE = ResourceRule(
    id="oidc-provider-unusable-url",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="The URL of an OIDC provider is none that AWS can use",
    why="AWS refuses the provider, or no token has this URL as its issuer, so that the roles behind it admit nobody and get opened until something works.",
    fix='Write the "iss" claim of the tokens as it is: https://, the host, and the path if it has one, such as "https://token.actions.githubusercontent.com".',
    covers=("OI-09",),
    types=PROVIDER_TYPES,
    check=check,
)
