"""A policy stands inside its user, group or role (advice)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule

# The property that holds the document, or the list of documents.
_INLINE: Final[Mapping[str, str]] = {
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:iam/role:Role": "inlinePolicies",
    "aws-native:iam:RolePolicy": "policyDocument",
    "aws-native:iam:UserPolicy": "policyDocument",
    "aws-native:iam:GroupPolicy": "policyDocument",
    "aws-native:iam:Role": "policies",
    "aws-native:iam:User": "policies",
    "aws-native:iam:Group": "policies",
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    key = _INLINE[resource.type]
    if resource.gave(key):
        for value in resource[key].elements():
            # An empty entry of a role says that it has no inline policies.
            if value.raw != {}:
                yield Finding(
                    path=value.path, message="this policy is inline: it has no versions, and no other can use it"
                )


RULE = ResourceRule(
    id="inline-policy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A policy is inline",
    why="An inline policy has no versions to go back to, and a review of the account's policies does not list it.",
    fix="Make it an `aws.iam.Policy` and attach it.",
    covers=("LP-18",),
    types=tuple(_INLINE),
    check=check,
)
