"""A managed policy that gives administrator access is attached to an identity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack, Value
from ...rule import StackRule
from ...values import may_be_anything
from ..aws_documents import ROLE

_PROPERTY: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
    ROLE: "managedPolicyArns",
}
# IAMFullAccess is the same thing one call later: its holder attaches the other to itself.
_ADMINISTRATOR: Final = re.compile(r"arn:[^:]+:iam::aws:policy/(AdministratorAccess|IAMFullAccess)")
_POLICY: Final = "aws:iam/policy:Policy"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for attachment in stack.of_type(_PROPERTY):
        key = _PROPERTY[attachment.type]
        if not attachment.gave(key):
            continue
        # The engine records which policies of the stack the property was computed from, but not which element from
        # which: as many unknowns as there are such policies are theirs, and those are judged by their own documents.
        own = len(stack.targets(attachment, key, [_POLICY], []))
        for value in attachment[key].elements():
            if value.unknown or may_be_anything(value.text or ""):
                own -= 1
                if own < 0:
                    reason = "which policy is attached is not known yet, and it is none of this stack's own"
                    yield undecided(value.path, reason, urn=attachment.urn)
            else:
                yield from _judge(attachment, value)


def _judge(attachment: Resource, value: Value) -> Iterator[Finding]:
    match = _ADMINISTRATOR.fullmatch(value.text or "")
    if match is not None:
        yield Finding(
            path=value.path,
            urn=attachment.urn,
            message=f"the managed policy {match[1]} makes its holder administrator of the account",
            witness={"principal": "whoever holds it", "action": "iam:AttachUserPolicy", "resource": "*", "context": {}},
        )


RULE = StackRule(
    id="administrator-policy-attached",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="A managed policy with administrator access is attached",
    why="Whoever obtains such an identity owns the account: every key, every bucket, and the audit trail that would show it.",
    fix="Attach a policy that names the actions that are needed and the ARNs they are needed on.",
    controls=("CIS-AWS-3.0.0:1.16",),
    types=tuple(_PROPERTY),
    check=check,
)
