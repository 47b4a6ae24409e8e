"""Every branch, tag and environment of a project may act as a service user."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...issuers.reach import Reach
from ...model import Context, Resource
from ...rule import ResourceRule
from ..impersonations import Impersonation, findings, narrower
from ..own_issuers import SETTINGS_OF
from ..propagation_trusts import TRUST_TYPES, issuer_in, issuer_shown, quoted


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    form = next((each for each in issuer_in(resource, context)[1].subjects or () if each.has_place), None)
    place = form.slot("place") if form else None
    name = place.name.lower().replace("_", " ") if place else "branch"

    def message(found: Impersonation) -> Finding:
        return Finding(
            path=found.value.path,
            message=(
                f"every {name} of the project at {issuer_shown(resource, context)}, and whatever else has its tokens, may act as "
                f"the service user: {quoted(found.value)} names none"
            ),
            fix=narrower(resource, context, found),
        )

    yield from findings(resource, context, Reach.PROJECT, message)


RULE = ResourceRule(
    id="oci-impersonation-by-whole-project",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="Every branch of a project may act as a service user",
    why="Whoever can push a branch, or open one where nobody reviews, has what the service user has.",
    fix='Compare the whole subject, with its branch or environment: sub eq "SUBJECT".',
    covers=("OI-12d",),
    settings_of=SETTINGS_OF,
    types=TRUST_TYPES,
    check=check,
)
