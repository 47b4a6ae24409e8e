"""The subject in an OIDC trust looks like none that the issuer is known to write."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import has_stand_in
from ..aws_documents import ROLE_TYPES
from ..federated import Cause, cause, federated
from ..own_issuers import SETTINGS_OF
from ..precedence import above
from ..trust_fixes import example_of


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        odd = answer.odd_subjects if answer.issuer.subjects else ()
        # What is computed has the form that its source gives it.
        for text in (each for each in odd if not has_stand_in(each)):
            yield placed.finding(
                answer.path,
                f"no subject of {answer.issuer.name} is known to look like {text}",
                fix=f"Compare it with the sub of a token; most are like {example_of(answer)}.",
                cause=cause(placed, answer, Cause.FORM),
            )


RULE = ResourceRule(
    id="oidc-subject-of-unknown-form",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="The subject in an OIDC trust is of no known form",
    why="Either no token ever has it, and the role is of no use, or it is a form in which it cannot be told whose tokens match.",
    fix="Write the subject in the form that the issuer documents.",
    covers=("OI-05",),
    yields_to=above("oidc-subject-of-unknown-form"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
