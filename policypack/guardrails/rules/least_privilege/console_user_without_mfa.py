"""A user signs in to the console with a password alone, and may do more than set up a second factor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Undecided, Yes
from ...aws.second_factor import allowed_without_second_factor
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..identities import JOINED_TYPES, Identity, identities
from ..users import users_of

_PROFILE: Final = "aws:iam/userLoginProfile:UserLoginProfile"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    users = {
        identity.resource.urn if identity.resource is not None else identity.name: identity
        for identity in identities(stack)
        if identity.kind == "user"
    }
    for profile in stack.of_type([_PROFILE]):
        for user in [user.urn for user in users_of(stack, profile, "user")] or [profile["user"].text or ""]:
            if user in users:
                yield from _judge(profile, users[user])


def _judge(profile: Resource, user: Identity) -> Iterator[Finding]:
    boundary = None if user.boundary is None else [placed.document for placed in user.boundary]
    answer = allowed_without_second_factor(user.documents, boundary)
    if isinstance(answer, Yes):
        action = answer.witness.request.action
        yield Finding(
            path="user",
            urn=profile.urn,
            message=f"{user} signs in with a password, and may do {action} without a second factor",
            witness=answer.witness.to_json(),
        )
    elif isinstance(answer, Undecided):
        reason = f"whether {user} may do anything without a second factor cannot be told: {answer.reason}"
        yield undecided("user", reason, urn=profile.urn)
    elif user.unread:
        reason = (
            f"what {user} may do without a second factor is not known: one of its policies is none of this stack's own"
        )
        yield undecided("user", reason, urn=profile.urn)


RULE = StackRule(
    id="console-user-without-mfa",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A console user needs no second factor",
    why="A password that is guessed, phished or used elsewhere is then enough to do all that the user may do.",
    fix='Deny everything but the set-up of a second factor, with "NotAction" and {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, or let people sign in through an identity provider.',
    controls=("CIS-AWS-3.0.0:1.10", "FSBP-1.0.0:IAM.5", "FSBP-1.0.0:IAM.19"),
    covers=("LP-25", "LP-72"),
    types=(_PROFILE, *JOINED_TYPES),
    check=check,
)
