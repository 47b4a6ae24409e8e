"""IAM users and groups: whom a property names, and who is in a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..model import Resource, Stack, Value
from .identities import GROUP, USER

USER_TYPES: Final = (USER, "aws-native:iam:User")
GROUP_TYPES: Final = (GROUP, "aws-native:iam:Group")
# The property that names the users, and the one that names the groups.
MEMBERSHIPS: Final[Mapping[str, tuple[str, str]]] = {
    "aws:iam/userGroupMembership:UserGroupMembership": ("user", "groups"),
    "aws:iam/groupMembership:GroupMembership": ("users", "group"),
    "aws-native:iam:UserToGroupAddition": ("users", "groupName"),
}


def users_of(stack: Stack, resource: Resource, key: str) -> list[Resource]:
    """The users of the stack that a property names."""
    return stack.targets(resource, key, USER_TYPES, ["name", "id", "userName"])


def groups_of(stack: Stack, resource: Resource, key: str) -> list[Resource]:
    """The groups of the stack that a property names."""
    return stack.targets(resource, key, GROUP_TYPES, ["name", "id", "groupName"])


def grouped_users(stack: Stack) -> frozenset[str]:
    """The URNs of the users that something puts in a group, which need not be of this stack."""
    found = {user.urn for user in stack.of_type(["aws-native:iam:User"]) if _names_one(user["groups"])}
    for membership in stack.of_type(MEMBERSHIPS):
        users, groups = MEMBERSHIPS[membership.type]
        if _names_one(membership[groups]):
            found.update(user.urn for user in users_of(stack, membership, users))
    return frozenset(found)


def users_in_groups_elsewhere(stack: Stack) -> frozenset[str]:
    """The URNs of the users that something puts in a group which is not of this stack."""
    found = {user.urn for user in stack.of_type(["aws-native:iam:User"]) if _names_another(stack, user, "groups")}
    for membership in stack.of_type(MEMBERSHIPS):
        users, groups = MEMBERSHIPS[membership.type]
        if _names_another(stack, membership, groups):
            found.update(user.urn for user in users_of(stack, membership, users))
    return frozenset(found)


def _names_another(stack: Stack, resource: Resource, key: str) -> bool:
    """Whether a property names more groups than the stack has of those."""
    named = [element for element in resource[key].elements() if not element.absent]
    return len(groups_of(stack, resource, key)) < len(named)


def filled_groups(stack: Stack) -> frozenset[str]:
    """The URNs of the groups that something puts a user in, which need not be of this stack."""
    found = {group.urn for user in stack.of_type(["aws-native:iam:User"]) for group in groups_of(stack, user, "groups")}
    for membership in stack.of_type(MEMBERSHIPS):
        users, groups = MEMBERSHIPS[membership.type]
        if _names_one(membership[users]):
            found.update(group.urn for group in groups_of(stack, membership, groups))
    return frozenset(found)


def _names_one(value: Value) -> bool:
    """Whether a name or a list of names holds one, known or not."""
    return any(not element.absent for element in value.elements())
