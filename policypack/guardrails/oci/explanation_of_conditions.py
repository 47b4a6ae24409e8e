"""A condition in words: each test, and what of it keeps nobody and nothing out.

What narrows is judged as `meaning` does: `all` narrows where one of its members does, `any` where each does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..values import may_be_anything
from .tree import Combination, Condition, Opaque, Operator, Quantifier, Test, Value, ValueKind
from .variables import Says, nearest_variable, says

_NEGATIVE: Final = frozenset({Operator.UNEQUAL, Operator.NOT_IN})
_NEGATED: Final = {
    "is": "is not",
    "starts with": "does not start with",
    "ends with": "does not end with",
    "contains": "does not contain",
    "matches": "does not match",
}
_TARGET: Final = re.compile(r"target\.([\w-]+)\.(name|id)")
_THINGS: Final = {"dynamicgroup": "dynamic group", "tag-namespace": "tag namespace"}
_SPARES: Final = "spares what it names and nothing else, so it does not narrow"
_TAKES_AWAY: Final = "takes away what it names and leaves the rest"
_EVERY_VALUE: Final = "every value matches, so it asks for nothing"
_CIRCUMSTANCES: Final = "about from where, when or how somebody comes, not about who may do what"
_PRESENCE: Final = "asks only whether there is a value"
_KIND: Final = "a kind of caller, which anyone can have in a place of their own"
_NAMES_TO_COME: Final = "matches names that are given later, too"
_NOT_KNOWN: Final = "a part of it is not known"
_ASTERISK: Final = "between quotes an asterisk is only an asterisk; a pattern stands between slashes"
_UNKNOWN_VARIABLE: Final = "a variable that is not known here"

_PERMISSION: Final = frozenset({"request.permission", "request.operation"})
_VARIABLES: Final = {
    "request.user.id": "the user",
    "request.user.name": "the name of the user",
    "request.user.mfatotpverified": "the check of the user's one-time password",
    "request.groups.id": "a group of the user",
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
    "request.principal.id": "the caller",
    "request.principal.compartment.id": "the compartment of the caller",
    "request.principal.namespace": "the Kubernetes namespace of the caller",
    "request.principal.service_account": "the Kubernetes service account of the caller",
    "request.principal.cluster_id": "the Kubernetes cluster of the caller",
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


@dataclass(frozen=True, slots=True)
class Clause:
    """A test in words, or where `holds` is `all` or `any`, several clauses of which that many have to hold.

    `text` is canonical, `note` says why a test does not narrow; `narrows` is False where it cannot be told, too.
    """

    text: str
    words: str
    narrows: bool
    note: str = ""
    holds: str = ""
    members: tuple[Clause, ...] = ()

    @classmethod
    def opaque(cls, text: str) -> Clause:
        """What is not known and may hold a condition."""
        return cls(text, f"something that is not known: `{text}`", narrows=False)


def clause(condition: Condition, *, denies: bool = False) -> Clause:
    """A condition in words. What does not narrow a statement that denies makes it the stricter, so nothing is noted."""
    match condition:
        case Opaque():
            return Clause.opaque(str(condition))
        case Test():
            note, narrows = _judged(condition)
            return Clause(str(condition), _words(condition), narrows, "" if denies else note)
        case Combination():
            members = tuple(clause(member, denies=denies) for member in condition.members)
            every = condition.quantifier is Quantifier.ALL
            narrows = (any if every else all)(member.narrows for member in members)
            if every and narrows:
                # What kind of caller it is goes with who it is.
                members = tuple(replace(member, note="") if member.note == _KIND else member for member in members)
            note = ""
            if not denies and not every and not narrows and any(member.narrows for member in members):
                note = "any one of them is enough, and not each of them narrows"
            words = "all of these hold" if every else "any of these holds"
            return Clause(str(condition), words, narrows, note, condition.quantifier.value, members)


def _judged(test: Test) -> tuple[str, bool]:
    """What there is to say against a test, and whether it narrows all the same."""
    variable = test.variable.lower()
    if test.operator in _NEGATIVE:
        return (_TAKES_AWAY if variable in _PERMISSION else _SPARES), False
    if test.operator in {Operator.PRESENT, Operator.ABSENT}:
        # In a matching rule a tag by itself says what belongs to the group.
        return ("" if variable.startswith("tag.") else _PRESENCE), variable.startswith("tag.")
    if any(map(_is_everything, test.values)):
        return _EVERY_VALUE, False
    if any(value.kind is ValueKind.OPAQUE or may_be_anything(value.text) for value in test.values):
        return _NOT_KNOWN, False
    if any(value.kind is ValueKind.LITERAL and "*" in value.text for value in test.values):
        return _ASTERISK, True
    if variable.startswith(("instance.", "resource.", "tag.")):
        return "", True
    match says(variable):
        case Says.CIRCUMSTANCES:
            return _CIRCUMSTANCES, False
        case Says.KIND:
            return _KIND, False
        case Says.WHO:
            open_ended = any(value.kind is ValueKind.PATTERN and "*" in value.text for value in test.values)
            return (_NAMES_TO_COME, False) if open_ended else ("", True)
        case Says.WHAT:
            return "", True
        case None:
            near = nearest_variable(test.variable)
            return f"{_UNKNOWN_VARIABLE}; is {near} meant?" if near else _UNKNOWN_VARIABLE, False


def _is_everything(value: Value) -> bool:
    return value.kind is ValueKind.PATTERN and "*" in value.text and not value.text.strip("* ")


def _words(test: Test) -> str:
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
    if test.operator not in _NEGATIVE:
        return " or ".join(f"{verb} {_series(texts, 'or')}" for verb, texts in found.items())
    return " and ".join(f"{_NEGATED[verb]} {_series(texts, 'or')}" for verb, texts in found.items())


def _series(texts: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))
