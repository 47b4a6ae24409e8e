"""An OIDC trust names what somebody else can register once it is given up."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.claim_tests import demanded_values
from ...aws.federation import FederationAnswer
from ...findings import Concern, Finding, Level, Severity
from ...issuers.reach import Reach
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import Cause, cause, federated
from ..own_issuers import SETTINGS_OF
from ..precedence import above

_NARROW = (None, Reach.PROJECT, Reach.PULL_REQUESTS)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        names = [text for text in demanded_values(answer.statement, answer.name, "sub") if _is_by_name(text, answer)]
        if names and answer.reach in _NARROW and answer.issuer.immutable and not _tests_an_id(answer):
            ids = " or ".join(f"{answer.name}:{claim}" for claim in sorted(answer.issuer.immutable))
            yield placed.finding(
                answer.path,
                f"{names[0]} goes by names: whoever registers them after a rename or a deletion gets the same subject",
                fix=f"Test {ids} beside the subject: {answer.issuer.name} never gives an id away again.",
                cause=cause(placed, answer, Cause.IDENTIFIER),
            )


def _is_by_name(text: str, answer: FederationAnswer) -> bool:
    """Whether a pattern of subjects fixes whose the token is by a name, and not by an id."""
    return any(
        value == slot.bare(value) and not slot.name.endswith("ID")
        for form in answer.issuer.ordinary_forms
        for slot, value in form.read(text).items()
        if slot.kind in ("tenant", "project", "project_name")
    )


def _tests_an_id(answer: FederationAnswer) -> bool:
    return any(demanded_values(answer.statement, answer.name, claim) for claim in answer.issuer.immutable)


RULE = ResourceRule(
    id="oidc-subject-name-reusable",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An OIDC trust names an owner by a name that can be registered again",
    why="Whoever registers the name after a rename or a deletion gets tokens with the same subject.",
    fix="Test an id that is never given away again beside the subject, such as repository_id on GitHub, or use the subject with ids.",
    covers=("OI-07",),
    yields_to=above("oidc-subject-name-reusable"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
