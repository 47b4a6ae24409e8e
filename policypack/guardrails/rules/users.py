"""IAM users and groups: who is in a group, and which group has somebody."""

from __future__ import annotations

from ..model import Resource, Stack, Value
from .joins import MEMBERSHIPS, NATIVE_USER, holders


def grouped_users(stack: Stack) -> frozenset[str]:
    """The URNs of the users that something puts in a group, which need not be of this stack."""
    found = {user.urn for user in stack.of_type([NATIVE_USER]) if _names_one(user["groups"])}
    for membership in stack.of_type(MEMBERSHIPS):
        users, groups = MEMBERSHIPS[membership.type]
        if _names_one(membership[groups]):
            found.update(user.urn for user in holders(stack, membership, users, "user"))
    return frozenset(found)


def users_in_groups_elsewhere(stack: Stack) -> frozenset[str]:
    """The URNs of the users that something puts in a group which is not of this stack."""
    found = {user.urn for user in stack.of_type([NATIVE_USER]) if _names_another(stack, user, "groups")}
    for membership in stack.of_type(MEMBERSHIPS):
        users, groups = MEMBERSHIPS[membership.type]
        if _names_another(stack, membership, groups):
            found.update(user.urn for user in holders(stack, membership, users, "user"))
    return frozenset(found)


def _names_another(stack: Stack, resource: Resource, key: str) -> bool:
    """Whether a property names more groups than the stack has of those."""
    named = [element for element in resource[key].elements() if not element.absent]
    return len(holders(stack, resource, key, "group")) < len(named)


def filled_groups(stack: Stack) -> frozenset[str]:
    """The URNs of the groups that something puts a user in, which need not be of this stack."""
    found = {group.urn for user in stack.of_type([NATIVE_USER]) for group in holders(stack, user, "groups", "group")}
    for membership in stack.of_type(MEMBERSHIPS):
        users, groups = MEMBERSHIPS[membership.type]
        if _names_one(membership[users]):
            found.update(group.urn for group in holders(stack, membership, groups, "group"))
    return frozenset(found)


def _names_one(value: Value) -> bool:
    """Whether a name or a list of names holds one, known or not."""
    return any(not element.absent for element in value.elements())
