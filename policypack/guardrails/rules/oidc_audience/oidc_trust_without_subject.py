"""A role that trusts an OIDC provider lets in strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...findings import Concern, Finding, Outcome, Severity
from ...issuers.reach import Reach
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import federated, of_circle
from ..own_issuers import SETTINGS, check_settings
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        for one in of_circle(placed, answer, Reach.STRANGERS):
            # Of an issuer that nobody knows, it is not known either that strangers have tokens of it.
            yield (
                one
                if answer.issuer.listed or one.outcome is not Outcome.VIOLATION
                else replace(one, severity=Severity.HIGH)
            )


RULE = ResourceRule(
    id="oidc-trust-without-subject",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.CRITICAL,
    title="A role accepts OIDC tokens of strangers",
    why="Everybody who can get a token from the issuer, on a shared one such as GitHub or GitLab anyone at all, can assume the role.",
    fix='Add a StringEquals condition on the issuer\'s "sub" key with the whole subject of your workload.',
    covers=("OI-01", "OI-05", "OI-06", "OI-07"),
    yields_to=above("oidc-trust-without-subject"),
    settings=SETTINGS,
    check_settings=check_settings,
    types=ROLE_TYPES,
    check=check,
)
