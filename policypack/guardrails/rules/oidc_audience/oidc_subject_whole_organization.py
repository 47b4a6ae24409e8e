"""A role that trusts an OIDC provider lets in every project of an organization."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.claim_tests import demanded_values
from ...aws.federation import Reach
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import SETTINGS_OF, federated, of_circle, words_for


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        project = words_for(answer, "project")
        named = demanded_values(answer.statement, answer.name, "sub")
        who = f"another {project} than the trust names" if named else f"any {project} with a token of {answer.name}"
        yield from of_circle(placed, answer, Reach.ORGANIZATION, who)


RULE = ResourceRule(
    id="oidc-subject-whole-organization",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A role accepts OIDC tokens of every project of an organization",
    why="Whoever can make a repository, a pipeline or a pod in the organization, or change one that nobody watches, can assume the role.",
    fix='Fix the subject up to the repository, project or namespace and close it with its separator: "repo:OWNER/REPOSITORY:…".',
    covers=("OI-01", "OI-05", "OI-06"),
    yields_to=("oidc-trust-without-subject", "role-trust-wildcard-principal"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
