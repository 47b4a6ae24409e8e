"""A role trusts tokens of an organization that is none of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.answers import No
from ...aws.federation import Reach
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, trust_documents
from ..federated import SETTINGS_OF, cause, question, such_as

_ORGANIZATIONS = "organizations"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    allowed = context.settings.get(_ORGANIZATIONS)
    tenants = frozenset(str(each).lower() for each in allowed) if isinstance(allowed, list) else frozenset()
    asked = question(context)
    for placed in trust_documents(resource) if tenants else ():
        named = placed.ask(asked)
        judged = placed.ask(replace(asked, own=replace(asked.own, tenants=tenants)))
        for answer, strict in zip(named, judged, strict=True):
            if isinstance(answer.circle(Reach.STRANGERS), No):
                yield from placed.findings(
                    strict.circle(Reach.STRANGERS),
                    f"this role trusts an organization that is none of yours{such_as(strict)}",
                    "the organization is one of yours",
                    cause=cause(placed, answer, "organization"),
                )


RULE = ResourceRule(
    id="oidc-trust-foreign-organization",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A role trusts OIDC tokens of another organization",
    why="What that organization runs, and whoever can change it, decides what happens in the account.",
    fix="Name an organization of your own in the subject, or list this one in organizations.",
    covers=("OI-06",),
    yields_to=("role-trust-wildcard-principal",),
    settings={
        _ORGANIZATIONS: {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Your organizations, owners, groups and accounts at shared issuers, as they stand in subjects; none: any that a trust names.",
        }
    },
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
