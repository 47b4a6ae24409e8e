"""Stand-in texts that are well-formed for their kind: ARN, OCID, URL, host name, address, PEM, identifier."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import stand_ins, urns

if TYPE_CHECKING:
    from collections.abc import Callable

    from .places import Place


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose property is invented: a resource (URN) or a function call (any stable key), its token and its place."""

    key: str
    type: str
    place: Place

    def token(self, path: str) -> str:
        """The computed token of one property."""
        return stand_ins.computed(self.key, path)


def text(subject: Subject, name: str, path: str) -> str:
    """The stand-in text for the property `name` at `path` of `subject`."""
    package = urns.package(subject.type)
    for pattern, packages, build in _KINDS:
        if (not packages or package in packages) and pattern.search(name):
            return build(subject, name, path)
    # A name or an id is certain to be one concrete text; what else a provider returns may be any content.
    return subject.token(path) if _IDENTITY.search(name) else stand_ins.anything(subject.key, path)


def holds_token(value: str) -> bool:
    """Whether an invented text carries a mark that the pack can find (encoded text has no room)."""
    return "standin0" in value or "86420975" in value or value.startswith(("248.", "249."))


def resource_id(subject: Subject) -> str:
    """The stand-in for the provider's id of a resource, in the form that its cloud gives ids."""
    package = urns.package(subject.type)
    token = subject.token("id")
    if package == "oci":
        return f"ocid1.{urns.short_type(subject.type).lower()}.oc1..{token}"
    if package == "azure-native":
        _, module, name = subject.type.split(":", 2)
        service = module.split("/", 1)[0].capitalize()
        group = f"/subscriptions/{subject.token('subscription')}/resourceGroups/{subject.token('resourceGroup')}"
        return f"{group}/providers/Microsoft.{service}/{name.lower()}s/{token}"
    return token


def _arn(subject: Subject, _name: str, path: str) -> str:
    service = subject.type.split(":")[1].split("/", 1)[0] if ":" in subject.type else "index"
    place = subject.place
    kind = urns.short_type(subject.type).removeprefix("get").lower()
    region = "" if service in _GLOBAL_SERVICES else place.region
    return f"arn:{place.partition}:{service}:{region}:{place.account}:{kind}/{subject.token(path)}"


def _ocid(subject: Subject, name: str, path: str) -> str:
    kind = urns.short_type(subject.type) if name in ("id", "ocid") else re.sub(r"(?:Oc)?[iI]ds?$", "", name)
    return f"ocid1.{kind.lower()}.oc1..{subject.token(path)}"


# Addresses have no room for a token. These are of a block that nobody has been given (RFC 1112, class E), so that an
# invented one is still told from one that somebody wrote.
def _address(subject: Subject, _name: str, path: str) -> str:
    return f"249.{stand_ins.octet(subject.key, path)}.{stand_ins.octet(subject.key, path + '.')}.7"


def _network(subject: Subject, _name: str, path: str) -> str:
    return f"248.{stand_ins.octet(subject.key, path)}.0.0/16"


def _pem(subject: Subject, name: str, path: str) -> str:
    lowered = name.lower()
    label = next((kind for kind in ("PRIVATE KEY", "PUBLIC KEY") if kind.split()[0].lower() in lowered), "CERTIFICATE")
    return f"-----BEGIN {label}-----\n{subject.token(path)}\n-----END {label}-----\n"


def _json(subject: Subject, _name: str, path: str) -> str:
    # The pack takes an object with such a member for one that it cannot read.
    content = stand_ins.anything(subject.key, path)
    return f'{{"{content}": "{content}"}}'


_IDENTITY: Final = re.compile(
    r"(?:^name|Name|^id|Id|^arn|Arn|^ocid|Ocid|^alias|Alias|^fingerprint|Fingerprint|^digest|Digest|^hash|Hash)s?$"
    r"|^(?:bucket|user|role|group|function|topic|queue|table|repository|namespace|compartment|domain)$"
)
_GLOBAL_SERVICES: Final = frozenset({"iam", "cloudfront", "route53", "organizations"})
_NONE: Final[frozenset[str]] = frozenset()
_AWS: Final = frozenset({"aws"})
_KINDS: Final[tuple[tuple[re.Pattern[str], frozenset[str], Callable[[Subject, str, str], str]], ...]] = (
    (re.compile(r"(?:^arn|Arn)s?$"), _NONE, _arn),
    (re.compile(r"(?:^id|Id|^ocid|Ocid)s?$"), frozenset({"oci"}), _ocid),
    (re.compile(r"^(?:accountId|ownerId|registryId|awsAccountId)$"), _AWS, lambda s, _n, _p: s.place.account),
    (re.compile(r"^region$"), _AWS, lambda s, _n, _p: s.place.region),
    (re.compile(r"^partition$"), _AWS, lambda s, _n, _p: s.place.partition),
    (re.compile(r"(?:^ip|Ip)(?:v4)?(?:Address)?(?:es)?$"), _NONE, _address),
    (re.compile(r"(?:^cidr|Cidr)(?:Block)?s?$"), _NONE, _network),
    (
        re.compile(r"(?:^ur[il]|Ur[il]|^endpoint|Endpoint|^issuer)s?$"),
        _NONE,
        lambda s, _n, p: f"https://{s.token(p)}.invalid",
    ),
    (
        re.compile(r"(?:^dns|^domain|^host|Dns|Domain|Host)Name$|^fqdn$"),
        _NONE,
        lambda s, _n, p: f"{s.token(p)}.invalid",
    ),
    (re.compile(r"(?:^pem|Pem)$|^certificate(?:Chain|Body)?$"), _NONE, _pem),
    (
        re.compile(r"^authorizationToken$"),
        _NONE,
        lambda s, _n, p: base64.b64encode(f"AWS:{s.token(p)}".encode()).decode(),
    ),
    (re.compile(r"^(?:json|minifiedJson)$"), _NONE, _json),
)
