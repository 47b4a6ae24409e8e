"""The identities of a stack: users, groups, roles and permission sets, each with all documents that bear on it.

Documents reach an identity inline, attached one by one or in lists, and through groups; the resources that say so are
joined by what the engine recorded and by name or ARN, known or stand-in (`Stack.targets`). An identity that the
resources only name, such as a role of another stack, is put together by that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ..aws import managed
from ..aws.document import Document, Effect, Kind, parse
from ..model import Resource, Stack, Value
from ..values import UNKNOWN, may_be_anything
from .aws_documents import (
    IDENTITY_TYPES,
    POLICY,
    POLICY_TYPES,
    ROLE_TYPES,
    Placed,
    identity_documents,
    trust_documents,
)
from .joins import ATTACHED, CUSTOMER_MANAGED, HOLDERS, INLINE, LISTING, MEMBERSHIPS, NATIVE_USER, holders

_OF_A_SET: Final = (("permissionSetArn", "permission set"),)
_SET_BOUNDARY: Final = "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment"
_BOUNDARY: Final = "permissionsBoundary"
_NAMES: Final = ("name", "roleName", "userName", "groupName")
# AWS writes these for its own services.
_FOR_SERVICES: Final = ("service-role/", "aws-service-role/")
_ARN_NAMES: Final = ("arn", "id", "policyArn")

# The property that names managed policies, by type: whatever attaches one.
ATTACHING: Final[Mapping[str, str]] = {**{type_: key for type_, _, key in ATTACHED}, **LISTING}
_HOLDER_TYPES: Final = tuple(token for types, _ in HOLDERS.values() for token in types)
JOINED_TYPES: Final = tuple(
    dict.fromkeys(
        (
            *IDENTITY_TYPES,
            *_HOLDER_TYPES,
            *ATTACHING,
            *MEMBERSHIPS,
            *(each for each, _ in CUSTOMER_MANAGED),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Held:
    """A document that an identity holds.

    `owner` is the resource in which it stands, and `giver` the one that gives it to the identity: the same for an
    inline document. For others `key` is the giver's property that names the identity, or the policy where the giver is
    the identity.
    """

    placed: Placed
    owner: Resource
    giver: Resource
    key: str = ""

    @property
    def of_aws(self) -> str:
        """The name of the policy, where AWS manages it; else empty."""
        return (managed.name_of(self.placed.value.text or "") or "") if self.placed.named else ""

    @property
    def for_services(self) -> bool:
        """Whether AWS wrote it for its own services."""
        return self.of_aws.startswith(_FOR_SERVICES)


@dataclass(eq=False)
class Identity:
    """One identity. `resource` is `None` where the stack only names it.

    `boundary` is what limits it, `None` where nothing does. `unread` are the attachments of which it is not known what
    they grant. `attached` are the ARNs of its managed policies.
    """

    kind: str
    name: str
    resource: Resource | None = None
    held: list[Held] = field(default_factory=list)
    boundary: list[Placed] | None = None
    unread: list[tuple[Resource, Value]] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    groups: list[Identity] = field(default_factory=list)

    def __str__(self) -> str:
        return f"the {self.kind} {self.name!r}"

    @property
    def documents(self) -> list[Document]:
        """All documents that grant, in the order of `held`."""
        return [one.placed.document for one in self.held]

    def arn(self, account: str) -> str:
        """The ARN, or empty where it is not known yet. Before AWS has given it, it is made of the name and `account`."""
        given = self.resource["arn"].text if self.resource is not None else None
        if given or self.kind == "permission set":
            return given if given and self.kind != "permission set" else ""
        ending = self._ending
        if account:
            return f"arn:aws:iam::{account}{ending}" if ending else ""
        # What is written out to the same end is what its policies take it for.
        texts = (text for one in self.held for each in one.placed.document.statements for text in each.texts())
        return next((text for text in texts if ending and text.startswith("arn:") and text.endswith(ending)), "")

    @property
    def _ending(self) -> str:
        """What the ARN ends in, from the account on: kind, path and name; empty where one is not known."""
        if self.resource is None:
            return f":{self.kind}/{self.name}"
        resource = self.resource
        name = next((text for key in _NAMES if (text := resource[key].text)), None)
        path = resource["path"].text or "/"
        return f":{self.kind}{path}{name}" if name and path.endswith("/") else ""

    @property
    def serves_only(self) -> bool:
        """Whether it is a role that nobody but services of AWS may assume."""
        if self.resource is None or self.resource.type not in ROLE_TYPES:
            return False
        named = [
            each
            for placed in trust_documents(self.resource)
            for statement in placed.document.statements
            if statement.effect is not Effect.DENY
            for each in (statement.principals or (None,))
        ]
        return bool(named) and all(each is not None and each.kind == "Service" for each in named)


def identities(stack: Stack) -> Sequence[Identity]:
    """The identities of a stack: groups first, then users, roles and permission sets."""
    return stack.remember("identities", lambda: tuple(_Join(stack).all()))


def unheld(stack: Stack) -> Iterator[tuple[Resource, Placed]]:
    """The documents that no identity of the stack holds, nor is limited by."""
    held = {id(one.placed) for identity in identities(stack) for one in identity.held}
    # A boundary grants nothing.
    held.update(id(placed) for identity in identities(stack) for placed in identity.boundary or ())
    for resource in stack.of_type(IDENTITY_TYPES):
        for placed in identity_documents(resource):
            if id(placed) not in held:
                yield resource, placed


def attached_policies(stack: Stack, giver: Resource) -> Iterator[tuple[Value, Sequence[Held] | None]]:
    """What each managed policy says that a resource attaches; `None` where neither the stack nor AWS's list tells.

    The engine records which policies of the stack a property was computed from, but not which element from which: as
    many unknowns as there are such policies are theirs.
    """
    key = ATTACHING[giver.type]
    if not giver.gave(key):
        return
    found = {policy.urn: policy for policy in stack.targets(giver, key, POLICY_TYPES, _ARN_NAMES)}
    by_text = {text: policy for policy in found.values() for name in _ARN_NAMES if (text := policy[name].text)}
    for value in giver[key].elements():
        document = managed.document(value.text) if value.text else None
        if document is not None:
            yield value, [Held(_of_aws(value, document), giver, giver)]
            continue
        policy = by_text.get(value.text or "")
        if policy is None and value.is_open:
            policy = next(iter(found.values()), None)
        if policy is not None:
            found.pop(policy.urn, None)
        yield value, None if policy is None else [Held(one, policy, giver) for one in identity_documents(policy)]


def _of_aws(value: Value, document: Document) -> Placed:
    """A policy that AWS manages, where a value names it."""
    return Placed(value, document, named=True, answers=_answers(value.text or ""))


@lru_cache(maxsize=256)
def _answers(_arn: str) -> dict[object, object]:
    """What has been answered about a policy that AWS manages, however many name it."""
    return {}


class _Join:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.by_urn: dict[str, Identity] = {}
        self.by_name: dict[tuple[str, str], Identity] = {}

    def all(self) -> list[Identity]:
        for kind, (types, _) in HOLDERS.items():
            for resource in self.stack.of_type(types):
                self.declared(kind, resource)
        for type_, named in INLINE:
            for resource in self.stack.of_type([type_]):
                for holder in self.named(resource, named):
                    self.write(holder, resource)
        for type_, named, _ in ATTACHED:
            for giver in self.stack.of_type([type_]):
                for key, kind in named:
                    for holder in self.holders(giver, key, kind):
                        self.attach(holder, giver, key)
        self.join_permission_sets()
        self.join_groups()
        found = [*self.by_urn.values(), *self.by_name.values()]
        kinds = list(HOLDERS)
        return sorted(found, key=lambda one: kinds.index(one.kind))

    def named(self, resource: Resource, properties: Iterable[tuple[str, str]]) -> Iterator[Identity]:
        """The identities that some properties name, each with its kind."""
        for key, kind in properties:
            yield from self.holders(resource, key, kind)

    def write(self, holder: Identity, resource: Resource) -> None:
        """Give an identity the documents of a resource of its own, or of a managed policy that says who has it."""
        holder.held += [Held(placed, resource, resource) for placed in identity_documents(resource)]
        arn = resource["policyArn"].text if resource.type in POLICY_TYPES else None
        holder.attached += [arn] if arn else []

    def join_permission_sets(self) -> None:
        for resource in self.stack.of_type([_SET_BOUNDARY]):
            for holder in self.named(resource, _OF_A_SET):
                holder.boundary = self.boundary(resource, resource[_BOUNDARY]["managedPolicyArn"])
        for type_, key in CUSTOMER_MANAGED:
            for giver in self.stack.of_type([type_]):
                for holder in self.named(giver, _OF_A_SET):
                    self.refer(holder, giver, giver[key])

    def declared(self, kind: str, resource: Resource) -> None:
        identity = self.by_urn[resource.urn] = Identity(kind, resource.name, resource)
        if resource.type in IDENTITY_TYPES:
            identity.held += [Held(placed, resource, resource) for placed in identity_documents(resource)]
        if resource.type in LISTING:
            self.attach(identity, resource, "")
        boundary = resource[_BOUNDARY]
        if not boundary.absent and boundary.text != "" and resource.gave(_BOUNDARY):
            identity.boundary = self.boundary(resource, boundary)

    def boundary(self, resource: Resource, value: Value) -> list[Placed]:
        """The document of a boundary; one that cannot be read where it is not known."""
        document = managed.document(value.text) if value.text else None
        if document is not None:
            return [_of_aws(value, document)]
        found = [
            placed
            for policy in self.stack.targets(resource, _BOUNDARY, POLICY_TYPES, _ARN_NAMES)
            for placed in identity_documents(policy)
        ]
        return found or [Placed(value, parse(UNKNOWN, Kind.IDENTITY), named=True)]

    def attach(self, holder: Identity, giver: Resource, key: str) -> None:
        for value, found in attached_policies(self.stack, giver):
            if value.text:
                holder.attached.append(value.text)
            if found is None:
                holder.unread.append((giver, value))
            holder.held += [Held(one.placed, one.owner, giver, key or ATTACHING[giver.type]) for one in found or ()]

    def refer(self, holder: Identity, giver: Resource, references: Value) -> None:
        """Policies that a permission set names: those of that name in every account, of which the stack may have one."""
        policies = {each["name"].text: each for each in self.stack.of_type([POLICY]) if each["name"].text}
        for value in references.elements():
            policy = policies.get(value["name"].text or "")
            if policy is None:
                holder.unread.append((giver, value))
            else:
                holder.held += [Held(one, policy, giver, references.path) for one in identity_documents(policy)]

    def holders(self, resource: Resource, key: str, kind: str) -> list[Identity]:
        """The identities that a property names."""
        if not resource.gave(key):
            return []
        names = HOLDERS[kind][1]
        found = [self.by_urn[target.urn] for target in holders(self.stack, resource, key, kind)]
        texts = {one.resource[name].text for one in found if one.resource is not None for name in names}
        others = (value.text for value in resource[key].elements() if value.text and value.text not in texts)
        found += [
            self.by_name.setdefault((kind, text), Identity(kind, text)) for text in others if not may_be_anything(text)
        ]
        return list(dict.fromkeys(found))

    def join_groups(self) -> None:
        members: list[tuple[Identity, Identity]] = []
        for type_, (users, groups) in MEMBERSHIPS.items():
            for membership in self.stack.of_type([type_]):
                of = self.holders(membership, groups, "group")
                members += [(user, group) for user in self.holders(membership, users, "user") for group in of]
        for user_resource in self.stack.of_type([NATIVE_USER]):
            user = self.by_urn[user_resource.urn]
            members += [(user, group) for group in self.holders(user_resource, "groups", "group")]
        for user, group in dict.fromkeys(members):
            user.groups.append(group)
            user.held += group.held
            user.unread += group.unread
            user.attached += group.attached
