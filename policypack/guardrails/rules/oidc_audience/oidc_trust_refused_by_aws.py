"""AWS refuses to create a trust that does not test what tells the tenants of a shared issuer apart."""

from __future__ import annotations

from collections.abc import Iterator

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
        # A key that is written wrong is the mistake, where there is one.
        if answer.undemanded and not answer.wrong_keys:
            audience = answer.issuer.demanded[0] in answer.issuer.audience_claims
            yield placed.finding(
                answer.path,
                f"AWS refuses to create this role: a trust in {answer.issuer.name} must test "
                f"{' or '.join(answer.undemanded)}",
                fix=to_paste(answer),
                cause=audience_cause(placed, answer) if audience else cause(placed, answer, Cause.SUBJECT),
            )


RULE = ResourceRule(
    id="oidc-trust-refused-by-aws",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="AWS refuses this OIDC trust",
    why="The deployment fails in the middle; a role that was created before the check existed stays as open as it is until somebody edits it.",
    fix="Test the claim that AWS demands for the issuer, sub for most and aud for some, beside the others.",
    covers=("OI-07",),
    yields_to=above("oidc-trust-refused-by-aws"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
