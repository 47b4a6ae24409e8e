"""A role accepts tokens for an audience that the organization does not use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...aws.answers import No
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import Cause, cause, federated
from ..own_issuers import SETTINGS_OF, check_texts
from ..precedence import above

_AUDIENCES = "audiences"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    allowed = context.settings.get(_AUDIENCES)
    audiences = tuple(str(each) for each in allowed) if isinstance(allowed, list) else ()
    for placed, answer in federated(resource, context) if audiences else ():
        if isinstance(answer.audience, No):
            yield from placed.findings(
                answer.foreign_audience(audiences),
                f"this role accepts an audience that is none of {', '.join(audiences)}",
                "the audience is one of yours",
                cause=cause(placed, answer, Cause.ALLOWED_AUDIENCE),
            )


RULE = ResourceRule(
    id="oidc-audience-not-allowed",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role accepts OIDC tokens for an audience that is not allowed",
    why="A token that is made for another service, and handed to it, is accepted here too.",
    fix="Ask for one of the allowed audiences, or list this one in the setting `audiences`.",
    covers=("OI-02",),
    yields_to=above("oidc-audience-not-allowed"),
    settings={
        _AUDIENCES: {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "The audiences, or patterns of them, that roles may accept; none: any that a trust pins.",
        }
    },
    check_settings=partial(check_texts, _AUDIENCES, "sts.amazonaws.com"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
