"""A test of a condition in words: what is compared, and with what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ..comparison import NEGATIVE
from ..tree import Operator, Test, Value, ValueKind

_NEGATED: Final = {
    "is": "is not",
    "starts with": "does not start with",
    "ends with": "does not end with",
    "contains": "does not contain",
    "matches": "does not match",
}
_TARGET: Final = re.compile(r"target\.([\w-]+)\.(name|id)")
_THINGS: Final = {"dynamicgroup": "dynamic group", "tag-namespace": "tag namespace"}
_VARIABLES: Final = {
    "request.user.id": "the OCID of the user who calls",
    "request.user.name": "the name of the user who calls",
    "request.user.mfatotpverified": "the check of the user's one-time password",
    "request.groups.id": "a group of the user",
    "request.instance.id": "the calling instance",
    "request.permission": "the permission that is used",
    "request.operation": "the operation of the API",
    "request.networksource.name": "the network source",
    "request.region": "the region",
    "request.ad": "the availability domain",
    "request.service": "the service",
    "request.domain.id": "the identity domain of the caller",
    "request.domain.name": "the name of the caller's identity domain",
    "request.resource.compartment.id": "the compartment of the calling resource",
    "request.vcn.id": "the network that the request comes from",
    "request.ipv4.ipaddress": "the address that the request comes from",
    "request.utc-timestamp": "the time",
    "request.principal.type": "the kind of caller",
    "request.principal.servicetype": "the service of the caller",
    "request.principal.governingtenancyid": "the tenancy that governs the caller",
    "request.principal.id": "the caller",
    "request.principal.compartment.id": "the compartment of the caller",
    "request.principal.namespace": "the Kubernetes namespace of the caller",
    "request.principal.service_account": "the Kubernetes service account of the caller",
    "request.principal.cluster_id": "the Kubernetes cluster of the caller",
    "target.compartment.id": "the compartment of what is acted on",
    "target.compartment.name": "the name of the compartment of what is acted on",
    "target.resource.domain.id": "the identity domain acted on",
    "target.resource.domain.name": "the name of the identity domain acted on",
    "target.group.member": "the caller's membership in the group acted on",
    "instance.id": "it is an instance, and its OCID",
    "instance.compartment.id": "it is an instance, and its compartment",
    "resource.id": "its OCID",
    "resource.compartment.id": "its compartment",
    "resource.type": "its type",
}
_TAGS: Final = {
    "request.principal.group.tag.": "of a group of the caller",
    "request.principal.compartment.tag.": "of the caller's compartment",
    "target.resource.tag.": "of the resource acted on",
    "target.resource.compartment.tag.": "of the compartment of the resource acted on",
    "target.bucket.tag.": "of the bucket acted on",
}
_OPERATORS: Final = {
    Operator.BEFORE: "is before",
    Operator.AFTER: "is after",
    Operator.PRESENT: "has a value",
    Operator.ABSENT: "has no value",
}


def words(test: Test) -> str:
    """What a test asks for."""
    subject = _variable(test.variable)
    match test.operator:
        case Operator.PRESENT | Operator.ABSENT:
            return f"{subject} {_OPERATORS[test.operator]}"
        case Operator.BEFORE | Operator.AFTER:
            return f"{subject} {_OPERATORS[test.operator]} {test.values[0].text}"
        case Operator.BETWEEN:
            return f"{subject} is between {test.values[0].text} and {test.values[1].text}"
        case _:
            return f"{subject} {_compared(test)}"


def _variable(variable: str) -> str:
    folded = variable.lower()
    if folded in _VARIABLES:
        return _VARIABLES[folded]
    for prefix, of in _TAGS.items():
        if folded.startswith(prefix):
            return f"the tag {variable[len(prefix) :]} {of}"
    if folded.startswith("tag.") and folded.endswith(".value"):
        return f"its tag {variable[4:-6]}"
    of_target = _TARGET.fullmatch(folded)
    if of_target is None:
        return variable
    what = "name" if of_target[2] == "name" else "OCID"
    return f"the {what} of the {_THINGS.get(of_target[1], of_target[1])} acted on"


def _phrases(values: Sequence[Value]) -> Mapping[str, Sequence[str]]:
    """The texts that are compared with, by how they are."""
    found: dict[str, list[str]] = {}
    for value in values:
        verb, text = _phrase(value)
        found.setdefault(verb, []).append(text)
    return found


def _phrase(value: Value) -> tuple[str, str]:
    text = value.text
    if value.kind is ValueKind.VARIABLE:
        return "is", f"the same as {_variable(text)}"
    if value.kind is not ValueKind.PATTERN or "*" not in text:
        return "is", text if re.fullmatch(r"[^\s,]+", text) else f"'{text}'"
    inner = text.strip("*")
    if not inner:
        return "is", "anything"
    if "*" in inner:
        return "matches", f"/{text}/"
    if text.startswith("*"):
        return ("contains" if text.endswith("*") else "ends with"), inner
    return "starts with", inner


def _compared(test: Test) -> str:
    """How the values of a test are compared, in words."""
    found = _phrases(test.values)
    if test.operator not in NEGATIVE:
        return " or ".join(f"{verb} {series(texts, 'or')}" for verb, texts in found.items())
    return " and ".join(f"{_NEGATED[verb]} {series(texts, 'or')}" for verb, texts in found.items())


def series(texts: Sequence[str], last: str) -> str:
    """Texts with commas between them, and `last` before the last."""
    return f" {last} ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))
