"""A role may be assumed by runs for pull requests."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...issuers.reach import Reach
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import federated, of_circle
from ..own_issuers import SETTINGS_OF
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        yield from of_circle(placed, answer, Reach.PULL_REQUESTS)


RULE = ResourceRule(
    id="oidc-subject-pull-request",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="A role accepts OIDC tokens of pull requests",
    why="A pull request runs code that nobody has reviewed, with whatever the role may do.",
    fix="Give pull requests a role of their own that only reads, and let this one ask for a branch or an environment.",
    covers=("OI-06",),
    yields_to=above("oidc-subject-pull-request"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
