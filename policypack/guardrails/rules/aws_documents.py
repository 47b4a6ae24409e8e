"""Where AWS policy documents stand in resources, and how an answer about one becomes a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..aws.answers import Answer, No, Undecided
from ..aws.document import Document, Kind, parse
from ..findings import Finding, undecided
from ..model import Resource, Stack, Value
from .paths import below

_INLINE: Final = "inlinePolicies"
_HIDDEN: Final = "the document is marked secret, so nothing of it is shown"

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


@dataclass(frozen=True, slots=True)
class Placed:
    """A document and where it stands."""

    value: Value
    document: Document

    def path(self, inner: str) -> str:
        """The property path of a place inside the document."""
        return below(self.value.path, inner)

    def shown(self, text: str) -> str:
        """`text`, which may quote the document, unless the document is secret."""
        return _HIDDEN if self.value.secret else text

    def findings(self, answer: Answer, message: str, question: str, fix: str = "") -> Iterator[Finding]:
        """What an answer of the language room says of this document: nothing for No.

        `question` completes "whether …", for an answer that cannot be given.
        """
        if isinstance(answer, No):
            return
        if isinstance(answer, Undecided):
            reason = "the document is not known yet" if self.value.unknown else answer.reason
            yield undecided(self.path(answer.path), f"whether {question} cannot be told: {self.shown(reason)}")
            return
        if self.value.secret:
            # A witness is made of the document's own texts.
            yield Finding(path=self.path(answer.path), message=f"{message} ({_HIDDEN})")
            return
        yield Finding(
            path=self.path(answer.path),
            message=message,
            witness=answer.witness.to_json(),
            fix=fix,
        )


def identity_documents(resource: Resource) -> Iterator[Placed]:
    """The identity policies in one resource."""
    if resource.type == ROLE:
        for inline in resource[_INLINE].elements():
            yield from _placed(inline["policy"], Kind.IDENTITY)
        return
    yield from _placed(resource[_IDENTITY[resource.type]], Kind.IDENTITY)


def trust_documents(resource: Resource) -> Iterator[Placed]:
    """The trust policy of a role."""
    return _placed(resource["assumeRolePolicy"], Kind.TRUST)


def bucket_policies(resource: Resource) -> Iterator[Placed]:
    """The policy of a bucket, on the bucket or beside it."""
    return _placed(resource["policy"], Kind.RESOURCE)


def all_documents(resource: Resource) -> Iterator[Placed]:
    """Every document in one resource of `ALL_TYPES`."""
    if resource.type in IDENTITY_TYPES:
        yield from identity_documents(resource)
    if resource.type == ROLE:
        yield from trust_documents(resource)
    if resource.type in BUCKET_POLICY_TYPES:
        yield from bucket_policies(resource)


def _placed(value: Value, kind: Kind) -> Iterator[Placed]:
    if value.absent or value.text == "":
        return
    yield Placed(value, _parsed(value.text, kind) if value.text is not None else parse(value.unmarked(), kind))


@lru_cache(maxsize=256)
def _parsed(text: str, kind: Kind) -> Document:
    # Several rules read the same document of the same request, one after the other.
    return parse(text, kind)


@dataclass(frozen=True, slots=True)
class Held:
    """A document that a role holds, with the resource that gives it to the role and the property that names the role.

    For a document that stands in the role itself, or in a policy of that role alone, `property` is empty.
    """

    giver: Resource
    placed: Placed
    property: str = ""


def role_documents(stack: Stack) -> Mapping[str, list[Held]]:
    """The identity policies that each role of the stack holds, by the role's URN: inline, attached and listed."""
    held: dict[str, list[Held]] = {role.urn: _held(role) for role in stack.of_type([ROLE])}
    for policy in stack.of_type(["aws:iam/rolePolicy:RolePolicy"]):
        for role in stack.targets(policy, "role", [ROLE], ["name", "id"]):
            held[role.urn] += _held(policy)
    for type_, roles, policies in (
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", "policyArn"),
        ("aws:iam/policyAttachment:PolicyAttachment", "roles", "policyArn"),
        (ROLE, "", "managedPolicyArns"),
    ):
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
