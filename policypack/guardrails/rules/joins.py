"""By which types and properties the resources of a stack name its identities and what these hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..model import Resource, Stack
from .aws_documents import ROLE

_PERMISSION_SET: Final = "aws:ssoadmin/permissionSet:PermissionSet"
NATIVE_USER: Final = "aws-native:iam:User"
USER_TYPES: Final = ("aws:iam/user:User", NATIVE_USER)
GROUP_TYPES: Final = ("aws:iam/group:Group", "aws-native:iam:Group")
# The kinds of identities, with the types that declare one, and the properties by which others name it.
HOLDERS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "group": (GROUP_TYPES, ("name", "id", "groupName")),
    "user": (USER_TYPES, ("name", "id", "userName")),
    "role": ((ROLE, "aws-native:iam:Role"), ("name", "id", "roleName")),
    "permission set": ((_PERMISSION_SET, "aws-native:sso:PermissionSet"), ("arn", "id", "permissionSetArn")),
}
# Resources that put users into groups: the property that names the users, and the one that names the groups.
MEMBERSHIPS: Final[Mapping[str, tuple[str, str]]] = {
    "aws:iam/userGroupMembership:UserGroupMembership": ("user", "groups"),
    "aws:iam/groupMembership:GroupMembership": ("users", "group"),
    "aws-native:iam:UserToGroupAddition": ("users", "groupName"),
}
_NATIVE: Final = (("groups", "group"), ("users", "user"), ("roles", "role"))
# Resources with documents of their own that belong to the identities that a property names.
INLINE: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    ("aws:iam/rolePolicy:RolePolicy", (("role", "role"),)),
    ("aws:iam/userPolicy:UserPolicy", (("user", "user"),)),
    ("aws:iam/groupPolicy:GroupPolicy", (("group", "group"),)),
    ("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", (("permissionSetArn", "permission set"),)),
    ("aws-native:iam:RolePolicy", (("roleName", "role"),)),
    ("aws-native:iam:UserPolicy", (("userName", "user"),)),
    ("aws-native:iam:GroupPolicy", (("groupName", "group"),)),
    ("aws-native:iam:Policy", _NATIVE),
    ("aws-native:iam:ManagedPolicy", _NATIVE),
)
# Resources that give managed policies, in a property or a list, to the identities that other properties name.
ATTACHED: Final[tuple[tuple[str, tuple[tuple[str, str], ...], str], ...]] = (
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", (("role", "role"),), "policyArn"),
    ("aws:iam/userPolicyAttachment:UserPolicyAttachment", (("user", "user"),), "policyArn"),
    ("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", (("group", "group"),), "policyArn"),
    ("aws:iam/policyAttachment:PolicyAttachment", _NATIVE, "policyArn"),
    ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", (("roleName", "role"),), "policyArns"),
    ("aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", (("userName", "user"),), "policyArns"),
    (
        "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
        (("groupName", "group"),),
        "policyArns",
    ),
    (
        "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
        (("permissionSetArn", "permission set"),),
        "managedPolicyArn",
    ),
    (
        "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
        (("permissionSetArn", "permission set"),),
        "managedPolicyArns",
    ),
)
# Identities that list the managed policies they hold.
LISTING: Final[Mapping[str, str]] = {
    ROLE: "managedPolicyArns",
    "aws-native:iam:Role": "managedPolicyArns",
    "aws-native:iam:User": "managedPolicyArns",
    "aws-native:iam:Group": "managedPolicyArns",
    "aws-native:sso:PermissionSet": "managedPolicies",
}
# Customer managed policies of a permission set, by name: type and property.
CUSTOMER_MANAGED: Final = (
    (
        "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment",
        "customerManagedPolicyReference",
    ),
    (
        "aws:ssoadmin/customerManagedPolicyAttachmentsExclusive:CustomerManagedPolicyAttachmentsExclusive",
        "customerManagedPolicyReferences",
    ),
)


def holders(stack: Stack, resource: Resource, key: str, kind: str) -> list[Resource]:
    """The identities of the stack, of a kind of `HOLDERS`, that a property names."""
    return stack.targets(resource, key, *HOLDERS[kind])


def named(stack: Stack, resource: Resource, key: str, types: Sequence[str], names: Sequence[str]) -> list[str]:
    """What a property names, as texts to compare: the URNs of what the stack has of it, else what is written."""
    known = [target.urn for target in stack.targets(resource, key, types, names)]
    return known or [element.text for element in resource[key].elements() if element.text]
