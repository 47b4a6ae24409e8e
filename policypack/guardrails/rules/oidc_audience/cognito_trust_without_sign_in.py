"""A role for the users of a Cognito identity pool lets in guests too."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import SETTINGS_OF, cause, federated, to_paste


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        yield from placed.findings(
            answer.guests,
            "who has not signed in may assume this role, where the identity pool has guests",
            "guests of the identity pool may assume this role",
            fix=to_paste(answer),
            cause=cause(placed, answer, "sub"),
        )


RULE = ResourceRule(
    id="cognito-trust-without-sign-in",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role for users of a Cognito identity pool accepts guests",
    why="An identity pool gives credentials to whoever asks, once guests are allowed in it, also by a later change.",
    fix='Add "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}; a role for guests says "unauthenticated".',
    covers=("OI-11",),
    yields_to=("oidc-trust-without-subject", "role-trust-wildcard-principal"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
