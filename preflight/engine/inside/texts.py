"""Stand-in texts that are well-formed for their kind: ARN, OCID, URL, host name, address, PEM, identifier."""

from __future__ import annotations

import base64
import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from . import named_arns, stand_ins, urns
from .places import Place, place

if TYPE_CHECKING:
    from collections.abc import Callable


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
    for pattern, form in _FORMS.get(subject.type, ()):
        if pattern.fullmatch(path):
            place = subject.place
            issuer = f"oidc.eks.{place.region}.{place.dns_suffix}/id/{subject.token('issuer')}"
            return form.format(partition=place.partition, account=place.account, issuer=issuer)
    for pattern, decodable in _INNER if name in ("value", "data") else ():
        if pattern.search(path):
            return decodable(subject, name, path)
    build = _kind(package, name)
    return build(subject, name, path) if build else stand_ins.anything(subject.key, path)


@functools.cache
def _kind(package: str, name: str) -> Callable[[Subject, str, str], str] | None:
    """What makes the text for a property of that name; None where it may be any content."""
    for pattern, packages, build in _KINDS:
        if (not packages or package in packages) and pattern.search(name):
            return build
    # A name or an id is certain to be one concrete text; what else a provider returns may be any content.
    return (lambda s, _n, p: s.token(p)) if _IDENTITY.search(name) else None


def taken_apart(key: str, name: str, path: str) -> str | None:
    """The stand-in for a text that programs take apart: an address, a network, a host, a URL, a private key.

    It may be any text of that kind. None where `name` tells of nothing of this kind.
    """
    nowhere = Subject(key, "", place("", {}))
    token = stand_ins.anything(key, path)
    if _HOST.search(name):
        return f"{token}.invalid"
    if _URL.search(name):
        return f"https://{token}.invalid"
    if _PRIVATE_KEY.search(name):
        return f"-----BEGIN RSA PRIVATE KEY-----\n{token}\n-----END RSA PRIVATE KEY-----\n"
    return next((build(nowhere, name, path) for pattern, build in _ADDRESSES if pattern.search(name)), None)


def holds_token(value: str) -> bool:
    """Whether an invented text carries a mark that the pack can find."""
    return stand_ins.RECOGNISED.search(value) is not None


def resource_id(subject: Subject, known: Callable[[str], str | None] = lambda _: None) -> str:
    """The stand-in for the provider's id of a resource, in the form that its cloud gives ids.

    `known` gives the text of an input by its path, None where it is not known.
    """
    package = urns.package(subject.type)
    token = subject.token("id")
    kind = urns.short_type(subject.type)
    match package:
        case "oci":
            return f"ocid1.{kind.lower()}.oc1..{token}"
        case "azure" | "azure-native":
            return _azure_id(subject, known("resourceGroupName"), known("name") or token)
        case "gcp":
            return f"projects/{known('project') or _ambient('project')}/{_plural(kind)}/{known('name') or token}"
        case "kubernetes" if known("metadata.name"):
            namespace = "" if kind in _CLUSTER_WIDE else (known("metadata.namespace") or token) + "/"
            return f"{namespace}{known('metadata.name')}"
    return token


def _azure_id(subject: Subject, group: str | None, name: str) -> str:
    kind = urns.short_type(subject.type).removeprefix("get")
    subscription = f"/subscriptions/{_ambient('subscriptionId')}"
    if kind == "ResourceGroup":
        return f"{subscription}/resourceGroups/{name}"
    module = subject.type.split(":")[1].split("/", 1)[0] if ":" in subject.type else ""
    service = f"Microsoft.{module[:1].upper()}{module[1:]}/{_plural(kind)}"
    return f"{subscription}/resourceGroups/{group or subject.token('resourceGroupName')}/providers/{service}/{name}"


def _plural(kind: str) -> str:
    return f"{kind[:1].lower()}{kind[1:]}s"


# What is one and the same for all that is done with one set of credentials.
def _ambient(name: str) -> str:
    return stand_ins.computed("ambient", name)


def _arn(subject: Subject, name: str, path: str) -> str:
    service = subject.type.split(":")[1].split("/", 1)[0] if ":" in subject.type else "index"
    place = subject.place
    kind = urns.short_type(subject.type).removeprefix("get").lower()
    service, before = named_arns.named(name, service, kind) or (service, f"{kind}/")
    region = "" if service in _GLOBAL_SERVICES else place.region
    # A bucket's has no account either: its name is unique in the partition.
    account = "" if service == "s3" else place.account
    return f"arn:{place.partition}:{service}:{region}:{account}:{before}{subject.token(path)}"


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


def _base64(content: str) -> str:
    return base64.b64encode(content.encode()).decode()


def _kubeconfig(subject: Subject, _name: str, path: str) -> str:
    """A configuration of kubectl in JSON, which is YAML too."""
    token = stand_ins.anything(subject.key, path)
    cluster = {"server": f"https://{token}.invalid", "certificate-authority-data": _base64(token)}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": token, "cluster": cluster}],
            "contexts": [{"name": token, "context": {"cluster": token, "user": token}}],
            "current-context": token,
            "users": [{"name": token, "user": {"token": token}}],
        }
    )


# The token starts where base64 starts anew, after a multiple of three characters.
def _credentials(subject: Subject, _name: str, path: str) -> str:
    return _base64(f"AWS:__{subject.token(path)}")


# Kinds of Kubernetes that have no namespace (`kubectl api-resources --namespaced=false`).
_CLUSTER_WIDE: Final = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "FlowSchema",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
    }
)
# Where the issuer of a cluster stands, which is certain but for what the service makes up, by path.
_CLUSTER_ISSUER: Final = ((re.compile(r"identities\[\d+\]\.oidcs\[\d+\]\.issuer"), "https://{issuer}"),)
_FORMS: Final = {
    "aws:eks/cluster:Cluster": _CLUSTER_ISSUER,
    "aws:eks/getCluster:getCluster": _CLUSTER_ISSUER,
    "eks:index:Cluster": (
        (re.compile("oidcProviderArn"), "arn:{partition}:iam::{account}:oidc-provider/{issuer}"),
        (re.compile("oidcProviderUrl"), "https://{issuer}"),
        (re.compile("oidcIssuer"), "{issuer}"),
    ),
}
# Texts whose own name says nothing, by their path.
_INNER: Final[tuple[tuple[re.Pattern[str], Callable[[Subject, str, str], str]], ...]] = (
    (re.compile(r"[kK]ube_?[cC]onfigs?(?:\[\d+\])?\.value$"), lambda s, n, p: _base64(_kubeconfig(s, n, p))),
    (re.compile(r"ertificateAuthorit(?:y|ies)(?:\[\d+\])?\.data$"), lambda s, n, p: _base64(_pem(s, n, p))),
)
_PRIVATE_KEY: Final = re.compile(r"(?:^private|Private)Key(?:Pem)?$")
_IDENTITY: Final = re.compile(
    r"(?:^name|Name|^id|Id|^arn|Arn|^ocid|Ocid|^alias|Alias|^fingerprint|Fingerprint|^digest|Digest|^hash|Hash)s?$"
    r"|^(?:bucket|user|role|group|function|topic|queue|table|repository|namespace|compartment|domain)$"
)
_GLOBAL_SERVICES: Final = frozenset({"iam", "cloudfront", "route53", "organizations", "s3"})
_NONE: Final[frozenset[str]] = frozenset()
_AWS: Final = frozenset({"aws"})
_AZURE: Final = frozenset({"azure", "azure-native"})
_URL: Final = re.compile(r"(?:^ur[il]|Ur[il]|^endpoint|Endpoint|^issuer|^selfLink)s?$")
_HOST: Final = re.compile(r"(?:^dns|^domain|^host|Dns|Domain|Host)(?:Name)?$|^fqdn$")
_ADDRESSES: Final[tuple[tuple[re.Pattern[str], Callable[[Subject, str, str], str]], ...]] = (
    (re.compile(r"(?:^ip|Ip)(?:v4)?(?:Address)?(?:es)?$"), _address),
    (re.compile(r"(?:^cidr|Cidr)(?:Block)?s?$|(?:^a|A)ddress(?:Space|Prefix)(?:es)?$"), _network),
)
_KINDS: Final[tuple[tuple[re.Pattern[str], frozenset[str], Callable[[Subject, str, str], str]], ...]] = (
    (re.compile(r"(?:^arn|Arn)s?$"), _NONE, _arn),
    # What providers answer there is the key's ARN, whatever form of its name was given.
    (re.compile(r"(?:^kmsKey|KmsKey)Id$"), _AWS, _arn),
    (re.compile(r"(?:^id|Id|^ocid|Ocid)s?$"), frozenset({"oci"}), _ocid),
    (re.compile(r"^(?:accountId|ownerId|registryId|awsAccountId)$"), _AWS, lambda s, _n, _p: s.place.account),
    (re.compile(r"^region$"), _AWS, lambda s, _n, _p: s.place.region),
    (re.compile(r"^partition$"), _AWS, lambda s, _n, _p: s.place.partition),
    *((pattern, _NONE, build) for pattern, build in _ADDRESSES),
    (_URL, _NONE, lambda s, _n, p: f"https://{s.token(p)}.invalid"),
    (
        re.compile(r"(?:^dns|^domain|^host|Dns|Domain|Host)Name$|^fqdn$"),
        _NONE,
        lambda s, _n, p: f"{s.token(p)}.invalid",
    ),
    (re.compile(r"(?:^pem|Pem)$|^certificate(?:Chain|Body)?$"), _NONE, _pem),
    (re.compile(r"^authorizationToken$"), _AWS, _credentials),
    (re.compile(r"^kube_?[cC]onfig(?:Raw|Json)?$|KubeConfig(?:Raw|Json)?$|^rawConfig$"), _NONE, _kubeconfig),
    (re.compile(r"^clusterCaCertificate$"), _NONE, lambda s, n, p: _base64(_pem(s, n, p))),
    (re.compile(r"(?:^base64|Base64)$|^b64"), _NONE, lambda s, _n, p: _base64(s.token(p))),
    (re.compile(r"(?:^json|Json)$"), _NONE, _json),
    (re.compile(r"^(?:policy|assumeRolePolicy|policyDocument|resourcePolicy)$"), _AWS, _json),
    (re.compile(r"^id$|ResourceId$"), _AZURE, lambda s, _n, p: _azure_id(s, None, s.token(p))),
    (re.compile(r"^(?:subscriptionId|tenantId)$"), _AZURE, lambda _s, n, _p: _ambient(n)),
)
