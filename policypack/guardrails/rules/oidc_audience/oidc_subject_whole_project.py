"""A role that trusts an OIDC provider lets in a whole project, from wherever in it."""

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
        yield from of_circle(placed, answer, Reach.PROJECT)


RULE = ResourceRule(
    id="oidc-subject-whole-project",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="A role accepts OIDC tokens from every branch or environment of a project",
    why="Whoever may push a branch, open a pull request or start a pod in the project can assume the role before anybody has looked at it.",
    fix="Name the branch, environment, workspace or service account in the subject; a protected environment also lets somebody approve the run.",
    covers=("OI-06",),
    yields_to=above("oidc-subject-whole-project"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
