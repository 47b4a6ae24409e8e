"""A role trusts tokens of an organization that is none of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...aws.answers import No
from ...findings import Concern, Finding, Severity
from ...issuers.reach import Reach
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import Cause, cause, federated, such_as
from ..own_issuers import SETTINGS_OF, check_texts
from ..precedence import above

_ORGANIZATIONS = "organizations"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    allowed = context.settings.get(_ORGANIZATIONS)
    tenants = frozenset(str(each).lower() for each in allowed) if isinstance(allowed, list) else frozenset()
    for placed, answer in federated(resource, context) if tenants else ():
        if isinstance(answer.circle(Reach.STRANGERS), No):
            foreign = answer.foreign_tenant(tenants)
            yield from placed.findings(
                foreign,
                f"this role trusts an organization that is none of yours{such_as(answer, foreign)}",
                "the organization is one of yours",
                cause=cause(placed, answer, Cause.ORGANIZATION),
            )


RULE = ResourceRule(
    id="oidc-trust-foreign-organization",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A role trusts OIDC tokens of another organization",
    why="What that organization runs, and whoever can change it, decides what happens in the account.",
    fix="Name an organization of your own in the subject, or list this one in the setting `organizations`.",
    covers=("OI-06",),
    yields_to=above("oidc-trust-foreign-organization"),
    settings={
        _ORGANIZATIONS: {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Your organizations, owners, groups and accounts at shared issuers, as they stand in subjects; none: any that a trust names.",
        }
    },
    check_settings=partial(check_texts, _ORGANIZATIONS, "your-organization"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
