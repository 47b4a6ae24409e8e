"""Where AWS policy documents stand in resources, and how an answer about one becomes a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar, cast

from ..aws.answers import Answer, Undecided, Witness, Yes
from ..aws.document import Document, Kind, parse
from ..aws.questions import administrator
from ..findings import Finding, Severity, WitnessRecord, undecided
from ..model import Resource, Value
from ..values import settled
from .paths import below

T = TypeVar("T")

HIDDEN: Final = "the document is marked secret, so what this is about is not shown"

ROLE: Final = "aws:iam/role:Role"
POLICY: Final = "aws:iam/policy:Policy"
_NATIVE_POLICY: Final = "aws-native:iam:ManagedPolicy"
# Where the identity policies of a resource stand: a property, or a list of objects and the member that holds one.
_IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    POLICY: ("policy",),
    "aws:iam/rolePolicy:RolePolicy": ("policy",),
    "aws:iam/userPolicy:UserPolicy": ("policy",),
    "aws:iam/groupPolicy:GroupPolicy": ("policy",),
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": ("inlinePolicy",),
    ROLE: ("inlinePolicies", "policy"),
    "aws-native:iam:Policy": ("policyDocument",),
    _NATIVE_POLICY: ("policyDocument",),
    "aws-native:iam:RolePolicy": ("policyDocument",),
    "aws-native:iam:UserPolicy": ("policyDocument",),
    "aws-native:iam:GroupPolicy": ("policyDocument",),
    "aws-native:iam:Role": ("policies", "policyDocument"),
    "aws-native:iam:User": ("policies", "policyDocument"),
    "aws-native:iam:Group": ("policies", "policyDocument"),
    "aws-native:sso:PermissionSet": ("inlinePolicy",),
}
_TRUST: Final[Mapping[str, str]] = {ROLE: "assumeRolePolicy", "aws-native:iam:Role": "assumeRolePolicyDocument"}
ROLE_TYPES: Final = tuple(_TRUST)
POLICY_TYPES: Final = (POLICY, _NATIVE_POLICY)
IDENTITY_TYPES: Final = tuple(_IDENTITY)


class Placed:
    """A document and where it stands. Every finding on it is built here, so that a secret document is never quoted.

    Where `named`, the value only names the document (a policy that AWS manages), so places inside it are not shown;
    `answers` are then shared by all that name it.
    """

    def __init__(
        self, value: Value, document: Document, *, named: bool = False, answers: dict[object, object] | None = None
    ) -> None:
        self.value = value
        self.document = document
        self.named = named
        self._answers = {} if answers is None else answers

    def ask(self, question: Callable[[Document], T]) -> T:
        """The answer to a question about the document, worked out once for all rules that ask it."""
        if question not in self._answers:
            self._answers[question] = question(self.document)
        return cast("T", self._answers[question])

    def place(self, inner: str) -> str:
        """The property path of a place inside the document."""
        return self.value.path if self.named else below(self.value.path, inner)

    def finding(  # noqa: PLR0913 - what a finding says
        self,
        inner: str,
        message: str,
        *,
        fix: str = "",
        witness: Witness | Sequence[Witness] | None = None,
        cause: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """A violation at a place inside the document."""
        if self.value.secret:
            return Finding(path=self.value.path, message=HIDDEN, cause=cause, severity=severity)
        if isinstance(witness, Witness):
            shown: WitnessRecord | list[WitnessRecord] | None = witness.to_json()
        else:
            shown = [each.to_json() for each in witness] if witness else None
        return Finding(path=self.place(inner), message=message, fix=fix, witness=shown, cause=cause, severity=severity)

    def findings(
        self, answer: Answer, message: str, question: str, *, fix: str = "", cause: str = ""
    ) -> Iterator[Finding]:
        """What an answer of the language room says of this document: nothing for No.

        `question` completes "whether …", for an answer that cannot be given.
        """
        if isinstance(answer, Undecided):
            reason = "the document is not known yet" if self.value.unknown else answer.reason
            where = self.value.path if self.value.secret else self.place(answer.path)
            shown = HIDDEN if self.value.secret else f"whether {question} cannot be told: {reason}"
            yield undecided(where, shown, cause=cause)
        elif isinstance(answer, Yes):
            yield self.finding(answer.path, message, fix=fix, witness=answer.witness, cause=cause)


def statement_of(path: str) -> str:
    """The statement that a place inside a document lies in: `Statement[0].Principal` gives `Statement[0]`."""
    head, bracket, _ = path.partition("]")
    return head + bracket


def administrator_alone(document: Document) -> Answer:
    """Whether one policy by itself gives administrator access."""
    return administrator([document])


def identity_documents(resource: Resource) -> Sequence[Placed]:
    """The identity policies in one resource."""
    key = _IDENTITY[resource.type][0]
    return resource.remember("identity documents", lambda: _identity_documents(resource), [key])


def _identity_documents(resource: Resource) -> Sequence[Placed]:
    key, *member = _IDENTITY[resource.type]
    # Among outputs, inline policies that nobody gave are what the provider will report, and hold nothing new.
    given = [resource[key]] if resource.gave(key) else []
    values = [each[member[0]] for value in given for each in value.elements()] if member else given
    return placed_documents(values, Kind.IDENTITY)


def trust_documents(resource: Resource) -> Sequence[Placed]:
    """The trust policy of a role."""
    key = _TRUST[resource.type]
    return resource.remember("trust documents", lambda: placed_documents([resource[key]], Kind.TRUST), [key])


def placed_documents(values: Iterable[Value], kind: Kind, name: str = "") -> Sequence[Placed]:
    """Documents that belong to what is called `name`, where that is known."""
    return tuple(
        Placed(_guarded(value), parse(settled(value.unmarked(), name), kind))
        for value in values
        if not value.absent and value.text != ""
    )


def _guarded(value: Value) -> Value:
    """The value of a document, marked secret where any part of it is: a finding may quote what is made of several."""
    nested = not value.secret and any(each.secret for each in value.leaves())
    return Value(value.raw, value.keys, secret=True) if nested else value
