"""Where AWS policy documents stand in resources, and how an answer about one becomes a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from ..aws.answers import Answer, Undecided, Witness, Yes
from ..aws.document import Document, Kind, parse
from ..aws.questions import administrator
from ..findings import Finding, undecided
from ..model import Resource, Stack, Value
from ..values import settled
from .paths import below

T = TypeVar("T")

_INLINE: Final = "inlinePolicies"
_HIDDEN: Final = "the document is marked secret, so what this is about is not shown"

# The property that holds the document of a resource that is, or carries, one identity policy.
_IDENTITY: Final[Mapping[str, str]] = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
}
ROLE: Final = "aws:iam/role:Role"
IDENTITY_TYPES: Final = (*_IDENTITY, ROLE)
BUCKET_POLICY_TYPES: Final = (
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
)
ALL_TYPES: Final = (*IDENTITY_TYPES, *BUCKET_POLICY_TYPES)


class Placed:
    """A document and where it stands. Every finding on it is built here, so that a secret document is never quoted."""

    def __init__(self, value: Value, document: Document) -> None:
        self.value = value
        self.document = document
        self._answers: dict[object, object] = {}

    def ask(self, question: Callable[[Document], T]) -> T:
        """The answer to a question about the document, worked out once for all rules that ask it."""
        if question not in self._answers:
            self._answers[question] = question(self.document)
        return cast("T", self._answers[question])

    def finding(
        self, inner: str, message: str, *, fix: str = "", witness: Witness | None = None, cause: str = ""
    ) -> Finding:
        """A violation at a place inside the document."""
        if self.value.secret:
            return Finding(path=self.value.path, message=_HIDDEN, cause=cause)
        shown = witness.to_json() if witness else None
        return Finding(path=below(self.value.path, inner), message=message, fix=fix, witness=shown, cause=cause)

    def findings(
        self, answer: Answer, message: str, question: str, *, fix: str = "", cause: str = ""
    ) -> Iterator[Finding]:
        """What an answer of the language room says of this document: nothing for No.

        `question` completes "whether …", for an answer that cannot be given.
        """
        if isinstance(answer, Undecided):
            reason = "the document is not known yet" if self.value.unknown else answer.reason
            where = self.value.path if self.value.secret else below(self.value.path, answer.path)
            shown = _HIDDEN if self.value.secret else f"whether {question} cannot be told: {reason}"
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
    if resource.type == ROLE:
        # Among outputs, inline policies that nobody gave are what the provider will report, and hold nothing new.
        inline = [one["policy"] for one in resource[_INLINE].elements()] if resource.gave(_INLINE) else []
        return resource.remember("identity documents", lambda: _placed(inline, Kind.IDENTITY))
    value = resource[_IDENTITY[resource.type]]
    return resource.remember("identity documents", lambda: _placed([value], Kind.IDENTITY))


def trust_documents(resource: Resource) -> Sequence[Placed]:
    """The trust policy of a role."""
    return resource.remember("trust documents", lambda: _placed([resource["assumeRolePolicy"]], Kind.TRUST))


def bucket_policies(resource: Resource) -> Sequence[Placed]:
    """The policy of a bucket, on the bucket or beside it."""
    name = resource["bucket"].text or ""
    return resource.remember("bucket policies", lambda: _placed([resource["policy"]], Kind.RESOURCE, name))


def all_documents(resource: Resource) -> Iterator[Placed]:
    """Every document in one resource of `ALL_TYPES`."""
    if resource.type in IDENTITY_TYPES:
        yield from identity_documents(resource)
    if resource.type == ROLE:
        yield from trust_documents(resource)
    if resource.type in BUCKET_POLICY_TYPES:
        yield from bucket_policies(resource)


def _placed(values: Iterable[Value], kind: Kind, name: str = "") -> Sequence[Placed]:
    """Documents that belong to what is called `name`, where that is known."""
    return tuple(
        Placed(value, parse(settled(value.unmarked(), name), kind))
        for value in values
        if not value.absent and value.text != ""
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A document that a role holds, with the resource that gives it to the role and the property that names the role.

    For a document that stands in the role itself, or in a policy of that role alone, `property` is empty.
    """

    giver: Resource
    placed: Placed
    property: str = ""


# How a role comes to hold managed policies: type, property that names the role ("" where it is the role itself),
# property that lists the policies.
_ATTACHMENTS: Final = (
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", "policyArn"),
    ("aws:iam/policyAttachment:PolicyAttachment", "roles", "policyArn"),
    ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "roleName", "policyArns"),
    (ROLE, "", "managedPolicyArns"),
)


# Every type that says what a role holds.
HOLDING_TYPES: Final = (
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/policy:Policy",
    *(type_ for type_, _, _ in _ATTACHMENTS),
)


def role_documents(stack: Stack) -> Mapping[str, list[Held]]:
    """The identity policies that each role of the stack holds, by the role's URN: inline, attached and listed."""
    held: dict[str, list[Held]] = {role.urn: _held(role) for role in stack.of_type([ROLE])}
    for policy in stack.of_type(["aws:iam/rolePolicy:RolePolicy"]):
        for role in stack.targets(policy, "role", [ROLE], ["name", "id"]):
            held[role.urn] += _held(policy)
    for type_, roles, policies in _ATTACHMENTS:
        for attachment in stack.of_type([type_]):
            documents = [
                Held(attachment, placed, roles or policies)
                for policy in stack.targets(attachment, policies, ["aws:iam/policy:Policy"], ["arn", "id"])
                for placed in identity_documents(policy)
            ]
            for role in stack.targets(attachment, roles, [ROLE], ["name", "id"]) if roles else [attachment]:
                held[role.urn] += documents
    return held


def _held(resource: Resource) -> list[Held]:
    return [Held(resource, placed) for placed in identity_documents(resource)]
