"""Our own verdict on a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policypack.guardrails.aws.authority import Layers, effective
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import ANONYMOUS, Principal, Request, Verdict, decide

from .engine import Case

VERDICTS: Final = {
    Verdict.ALLOWED: "Allowed",
    Verdict.EXPLICITLY_DENIED: "ExplicitlyDenied",
    Verdict.IMPLICITLY_DENIED: "ImplicitlyDenied",
    Verdict.UNDECIDED: "Undecided",
}
# AWS attaches this policy to every level of an organisation and lets nobody detach it, so cases do not hold it.
_RCP_FULL_ACCESS: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}


def principal(name: str) -> Principal:
    """The principal that a case names."""
    if name == "anonymous":
        return ANONYMOUS
    if ":oidc-provider/" in name or ":saml-provider/" in name:
        return Principal("Federated", name)
    return Principal("AWS" if name.startswith("arn:") else "Service", name)


def request(given: Mapping[str, Any]) -> Request:
    """The request of a case."""
    context = {key: tuple(value) if isinstance(value, list) else value for key, value in given["context"].items()}
    return Request(principal(given["principal"]), given["action"], given["resource"], context)


def verdict(case: Case) -> str:
    """Allowed, ExplicitlyDenied, ImplicitlyDenied or Undecided."""
    given = request(case.request)
    return VERDICTS[decide(effective(layers(case), given.principal), given).verdict]


def agrees(case: Case, said: str) -> bool:
    """Whether we say the same. The simulator rejects less than we call wrong, so where it does not, verdicts count."""
    if said == "Rejected":
        return any(document.problems for document in layers(case).documents())
    return verdict(case) == said


def layers(case: Case) -> Layers:
    """The documents of a case in their places."""
    given = case.policies
    service = case.request["action"].partition(":")[0].lower()
    kind = Kind.TRUST if service == "sts" else Kind.RESOURCE

    def documents(layer: str) -> list[Document] | None:
        return [parse(each, Kind.IDENTITY) for each in given[layer]] if layer in given else None

    def levels(layer: str, kind: Kind, *attached: Mapping[str, Any]) -> list[list[Document]]:
        return [[parse(each, kind) for each in (*attached, *level)] for level in given.get(layer, ())]

    return Layers(
        identity=documents("identity") or (),
        resource=parse(given["resource"], kind) if "resource" in given else None,
        exclusive=service in ("kms", "sts"),
        boundary=documents("boundary"),
        session=[parse(given["session"], Kind.IDENTITY)] if "session" in given else None,
        service_control=levels("service_control", Kind.IDENTITY),
        resource_control=levels("resource_control", Kind.RESOURCE, _RCP_FULL_ACCESS),
        owner=case.request["account"],
    )
