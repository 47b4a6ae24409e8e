"""A policy is attached to an IAM user, not to a group or a role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule

# The properties of which each entry gives a user a policy; one that names policies, or one that names users.
_GIVES: Final[Mapping[str, Sequence[str]]] = {
    "aws:iam/userPolicy:UserPolicy": ("user",),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": ("user",),
    "aws:iam/policyAttachment:PolicyAttachment": ("users",),
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": ("policyArns",),
    "aws-native:iam:UserPolicy": ("userName",),
    "aws-native:iam:User": ("policies", "managedPolicyArns"),
}
_LISTS: Final = ("users", "policyArns", "policies", "managedPolicyArns")


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for key in _GIVES[resource.type]:
        value = resource[key]
        if not resource.gave(key) or not list(value.elements()):
            continue
        if key in _LISTS and value.unknown:
            yield undecided(key, "whether any user gets a policy here cannot be told: the list is not known yet")
        else:
            yield Finding(path=key, message="what this user may do is granted to the user itself")


RULE = ResourceRule(
    id="policy-on-user",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A policy is attached to an IAM user",
    why="Grants to single users are reviewed by nobody and pile up; a user who changes work keeps the old ones.",
    fix="Attach the policy to a group and put the user in it with `aws.iam.UserGroupMembership`, or to a role that it assumes.",
    controls=("CIS-AWS-3.0.0:1.15", "FSBP-1.0.0:IAM.2"),
    covers=("LP-19",),
    types=tuple(_GIVES),
    check=check,
)
