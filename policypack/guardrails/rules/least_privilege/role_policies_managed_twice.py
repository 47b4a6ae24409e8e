"""Two resources manage the same attachments, and one of them takes off what the other attaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..aws_documents import POLICY, ROLE
from ..joins import named

_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_INLINE: Final = "aws:iam/rolePolicy:RolePolicy"
_EVERYWHERE: Final = "aws:iam/policyAttachment:PolicyAttachment"
_EXCLUSIVE_ATTACHMENTS: Final = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
_EXCLUSIVE_INLINE: Final = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive"

# What gives a role one policy: the property that names the role, and the one that tells the policy.
_GIVES: Final[Mapping[str, tuple[str, str]]] = {
    _ATTACHMENT: ("role", "policyArn"),
    _EVERYWHERE: ("roles", "policyArn"),
    _INLINE: ("role", "name"),
}
# What manages all policies of a role: the property that names the role ("" for the role itself), the one that lists
# the policies, and what else would give it one of the kind.
_MANAGES: Final = (
    (ROLE, "", "managedPolicyArns", (_ATTACHMENT, _EVERYWHERE)),
    (ROLE, "", "inlinePolicies", (_INLINE,)),
    (_EXCLUSIVE_ATTACHMENTS, "roleName", "policyArns", (_ATTACHMENT, _EVERYWHERE)),
    (_EXCLUSIVE_INLINE, "roleName", "policyNames", (_INLINE,)),
)
# A message that names more is not read.
_NAMED: Final = 3
# What attaches a managed policy to one user, group or role.
_SINGLE: Final = (
    _ATTACHMENT,
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    _EVERYWHERE,
)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for type_, role_key, listed, givers in _MANAGES:
        given = _given_to_roles(stack, givers)
        for manager in stack.of_type([type_]):
            if not manager.gave(listed) or manager[listed].absent:
                continue
            for role in [manager.urn] if not role_key else _roles(stack, manager, role_key):
                undone = [one for one in given.get(role, []) if not _lists(stack, manager, listed, one)]
                if undone:
                    message = f"`{listed}` takes every policy off the role that it does not list; beside it stand {_names(undone)}"
                    yield Finding(path=listed, urn=manager.urn, message=message)
    yield from _everywhere(stack)


def _everywhere(stack: Stack) -> Iterator[Finding]:
    """A `PolicyAttachment` takes its policy off whoever it does not name."""
    by_policy: dict[str, list[Resource]] = {}
    for attachment in stack.of_type(_SINGLE):
        for policy in _policies(stack, attachment):
            by_policy.setdefault(policy, []).append(attachment)
    for attachment in stack.of_type([_EVERYWHERE]):
        for policy in _policies(stack, attachment):
            others = [one for one in by_policy[policy][: _NAMED + 1] if one.urn != attachment.urn]
            if others:
                message = f"this takes the policy off whoever it does not name; {_names(others)} attach it too"
                yield Finding(path="policyArn", urn=attachment.urn, message=message)


def _given_to_roles(stack: Stack, types: tuple[str, ...]) -> Mapping[str, list[Resource]]:
    given: dict[str, list[Resource]] = {}
    for resource in stack.of_type(types):
        for role in _roles(stack, resource, _GIVES[resource.type][0]):
            given.setdefault(role, []).append(resource)
    return given


def _roles(stack: Stack, resource: Resource, key: str) -> list[str]:
    return named(stack, resource, key, [ROLE], ["name", "id"])


def _policies(stack: Stack, attachment: Resource) -> list[str]:
    return named(stack, attachment, "policyArn", [POLICY], ["arn", "id"])


def _lists(stack: Stack, manager: Resource, listed: str, giver: Resource) -> bool:
    """Whether the list has what the giver gives, or may have it for all that is known."""
    if manager.type == ROLE:
        # The role's own lists do not stand beside other ways of giving it the same, listed there or not.
        return False
    key = _GIVES[giver.type][1]
    entries = list(manager[listed].elements())
    if any(entry.unknown for entry in entries) or giver[key].text is None:
        own = stack.targets(giver, key, [POLICY], ["arn", "id"])
        theirs = stack.targets(manager, listed, [POLICY, _INLINE], ["arn", "id"])
        return not theirs or any(one in theirs for one in (*own, giver))
    return giver[key].text in {entry.text for entry in entries}


def _names(resources: list[Resource]) -> str:
    shown = sorted(repr(one.name) for one in resources[:_NAMED])
    return " and ".join([*shown, *(["more"] if len(resources) > _NAMED else [])])


RULE = StackRule(
    id="role-policies-managed-twice",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="Two resources manage the same policies of a role",
    why="One takes off what the other attaches, so what the role may do changes with every deployment, Denies included.",
    fix="Keep one: `aws.iam.RolePolicyAttachment` and `aws.iam.RolePolicy` for each policy, and no list on the role beside them.",
    covers=("LP-77",),
    types=(_EVERYWHERE, _EXCLUSIVE_ATTACHMENTS, _EXCLUSIVE_INLINE, ROLE),
    check=check,
)
