"""A role for the users of a Cognito identity pool lets in guests too."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import No
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import Cause, cause, federated
from ..own_issuers import SETTINGS_OF
from ..precedence import above
from ..trust_fixes import to_paste


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        if isinstance(answer.guests, No):
            continue
        yield from placed.findings(
            answer.guests,
            "guests of the identity pool, who have not signed in, may assume this role",
            "guests of the identity pool, who have not signed in, may assume this role",
            fix=to_paste(answer),
            cause=cause(placed, answer, Cause.SUBJECT),
        )


RULE = ResourceRule(
    id="cognito-trust-without-sign-in",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role for users of a Cognito identity pool accepts guests",
    why="An identity pool gives credentials to whoever asks, once guests are allowed in it, also by a later change.",
    fix='Add "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}; a role for guests says "unauthenticated".',
    covers=("OI-11",),
    yields_to=above("cognito-trust-without-sign-in"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
