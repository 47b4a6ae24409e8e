"""A user signs in to the console with a password alone, and may do more than set up a second factor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import No, Undecided, Yes
from ...aws.second_factor import allowed_without_second_factor
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..aws_documents import HIDDEN
from ..identities import JOINED_TYPES, Identity, identities
from ..joins import HOLDERS, NATIVE_USER, named
from ..users import users_in_groups_elsewhere

_PROFILE: Final = "aws:iam/userLoginProfile:UserLoginProfile"
_NATIVE_PROFILE: Final = "loginProfile"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    users = {
        identity.resource.urn if identity.resource is not None else identity.name: identity
        for identity in identities(stack)
        if identity.kind == "user"
    }
    elsewhere = users_in_groups_elsewhere(stack)
    for profile in stack.of_type([_PROFILE]):
        of = named(stack, profile, "user", *HOLDERS["user"])
        if not of and profile["user"].unknown:
            yield undecided("user", "which user signs in with this password is not known yet", urn=profile.urn)
        for user in of:
            if user in users:
                yield from _judge(profile, "user", users[user], joined_elsewhere=user in elsewhere)
    for native in stack.of_type([NATIVE_USER]):
        if native.gave(_NATIVE_PROFILE) and native.urn in users:
            yield from _judge(native, _NATIVE_PROFILE, users[native.urn], joined_elsewhere=native.urn in elsewhere)


def _judge(profile: Resource, path: str, user: Identity, *, joined_elsewhere: bool) -> Iterator[Finding]:
    boundary = None if user.boundary is None else [placed.document for placed in user.boundary]
    answer = allowed_without_second_factor(user.documents, boundary)
    secret = any(placed.value.secret for placed in (*(held.placed for held in user.held), *(user.boundary or ())))
    if secret and not isinstance(answer, No):
        said = Finding(path=path, urn=profile.urn, message=HIDDEN)
        yield said if isinstance(answer, Yes) else undecided(path, HIDDEN, urn=profile.urn)
    elif isinstance(answer, Yes):
        action = answer.witness.request.action
        yield Finding(
            path=path,
            urn=profile.urn,
            message=f"{user} signs in with a password, and may do {action} without a second factor",
            witness=answer.witness.to_json(),
        )
    elif isinstance(answer, Undecided):
        reason = f"whether {user} may do anything without a second factor cannot be told: {answer.reason}"
        yield undecided(path, reason, urn=profile.urn)
    elif user.unread:
        reason = (
            f"what {user} may do without a second factor is not known: one of its policies is none of this stack's own"
        )
        yield undecided(path, reason, urn=profile.urn)
    elif joined_elsewhere:
        reason = f"what {user} may do without a second factor is not known: one of its groups is not of this stack"
        yield undecided(path, reason, urn=profile.urn)


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
