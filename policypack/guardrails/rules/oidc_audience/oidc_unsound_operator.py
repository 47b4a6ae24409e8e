"""A claim in an OIDC trust is tested by an operator that demands nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import No
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import Cause, audience_cause, cause, federated
from ..own_issuers import SETTINGS_OF
from ..precedence import above
from ..trust_fixes import to_paste


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        # What admits nobody is not loose, whatever its operators.
        for test in answer.unsound if not isinstance(answer.anybody, No) else ():
            key = test.condition.key
            place = audience_cause if test.claim in answer.issuer.audience_claims else None
            yield placed.finding(
                test.condition.path,
                f"{test.condition.operator} on {key} {test.flaw.value}, so it demands nothing",
                fix=to_paste(answer),
                cause=place(placed, answer) if place else cause(placed, answer, Cause.SUBJECT),
            )


RULE = ResourceRule(
    id="oidc-unsound-operator",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="An OIDC trust tests a claim by an operator that demands nothing",
    why="ForAllValues and IfExists hold for what is not there, which a slip in the key makes of every token; a negated operator lets in everybody it does not name.",
    fix="Write StringEquals, or StringLike where a part is left open; for claims of several values, such as Cognito's amr, ForAnyValue:StringLike.",
    covers=("OI-04", "OI-11"),
    yields_to=above("oidc-unsound-operator"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
