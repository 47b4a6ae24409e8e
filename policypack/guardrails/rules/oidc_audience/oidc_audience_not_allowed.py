"""A role accepts tokens for an audience that the organization does not use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.answers import No
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, trust_documents
from ..federated import SETTINGS_OF, cause, question

_AUDIENCES = "audiences"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    allowed = context.settings.get(_AUDIENCES)
    audiences = tuple(str(each) for each in allowed) if isinstance(allowed, list) else ()
    asked = question(context)
    for placed in trust_documents(resource) if audiences else ():
        named = placed.ask(asked)
        judged = placed.ask(replace(asked, own=replace(asked.own, audiences=audiences)))
        for answer, strict in zip(named, judged, strict=True):
            if isinstance(answer.audience, No):
                yield from placed.findings(
                    strict.audience,
                    f"this role accepts an audience that is none of {', '.join(audiences)}",
                    "the audience is one of yours",
                    cause=cause(placed, answer, "audience"),
                )


RULE = ResourceRule(
    id="oidc-audience-not-allowed",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role accepts OIDC tokens for an audience that is not allowed",
    why="A token that is made for another service, and handed to it, is accepted here too.",
    fix="Ask for one of the allowed audiences, or list this one in audiences.",
    covers=("OI-02",),
    yields_to=("role-trust-wildcard-principal",),
    settings={
        _AUDIENCES: {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "The audiences, or patterns of them, that roles may accept; none: any that a trust pins.",
        }
    },
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
