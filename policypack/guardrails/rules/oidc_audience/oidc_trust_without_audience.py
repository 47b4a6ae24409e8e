"""A role that trusts an identity provider does not pin the audience."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import No
from ...aws.trust_actions import SAML
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import audience_cause, federated, shown_issuer
from ..own_issuers import SETTINGS_OF
from ..precedence import above
from ..trust_fixes import to_paste


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        if isinstance(answer.audience, No):
            continue
        token = f"a token of {shown_issuer(answer)} for any audience"
        what = "an assertion for another service than AWS" if answer.action == SAML else token
        yield from placed.findings(
            answer.audience,
            f"{what} may assume this role",
            "the audience is pinned",
            fix=to_paste(answer),
            cause=audience_cause(placed, answer),
        )


RULE = ResourceRule(
    id="oidc-trust-without-audience",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A role accepts OIDC tokens for any audience",
    why="A token that was made for another service, and handed to it, can be replayed here to assume the role.",
    fix='Add a StringEquals condition on the issuer\'s "aud" key with the one audience your workload asks for.',
    covers=("OI-02", "OI-10"),
    yields_to=above("oidc-trust-without-audience"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
