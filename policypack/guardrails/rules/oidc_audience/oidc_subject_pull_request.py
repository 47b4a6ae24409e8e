"""A role may be assumed by runs for pull requests."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.federation import Reach
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import SETTINGS_OF, federated, of_circle


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        yield from of_circle(placed, answer, Reach.PULL_REQUESTS, "a run for a pull request")


RULE = ResourceRule(
    id="oidc-subject-pull-request",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="A role accepts OIDC tokens of pull requests",
    why="A pull request runs code that nobody has reviewed, with whatever the role may do.",
    fix="Give pull requests a role of their own that only reads, and let this one ask for a branch or an environment.",
    covers=("OI-06",),
    yields_to=(
        "oidc-trust-without-audience",
        "oidc-trust-without-subject",
        "oidc-subject-whole-organization",
        "oidc-subject-whole-project",
        "oidc-condition-key-of-another-issuer",
        "oidc-condition-key-with-scheme",
        "oidc-condition-on-unknown-claim",
        "role-trust-wildcard-principal",
    ),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
