"""A role that trusts an OIDC provider lets in every project of an organization."""

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
        yield from of_circle(placed, answer, Reach.ORGANIZATION)


RULE = ResourceRule(
    id="oidc-subject-whole-organization",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A role accepts OIDC tokens of every project of an organization",
    why="Whoever can make a repository, a pipeline or a pod in the organization, or change one that nobody watches, can assume the role.",
    fix='Fix the subject up to the repository, project or namespace and close it with its separator: "repo:OWNER/REPOSITORY:…".',
    covers=("OI-01", "OI-05", "OI-06"),
    yields_to=above("oidc-subject-whole-organization"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
