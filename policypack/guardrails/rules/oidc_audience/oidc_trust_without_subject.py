"""A role that trusts an OIDC provider lets in strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.federation import Reach
from ...findings import Concern, Finding, Outcome, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..federated import SETTINGS, federated, of_circle


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, answer in federated(resource, context):
        listed = answer.issuer.listed
        who = f"anybody's token of {answer.issuer.name}" if listed else f"any token of {answer.name or 'any provider'}"
        for one in of_circle(placed, answer, Reach.STRANGERS, who):
            # Of an issuer that nobody knows, it is not known either that strangers have tokens of it.
            yield one if listed or one.outcome is not Outcome.VIOLATION else replace(one, severity=Severity.HIGH)


RULE = ResourceRule(
    id="oidc-trust-without-subject",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.CRITICAL,
    title="A role accepts OIDC tokens of strangers",
    why="Everybody who can get a token from the issuer, on a shared one such as GitHub or GitLab anyone at all, can assume the role.",
    fix='Add a StringEquals condition on the issuer\'s "sub" key with the whole subject of your workload.',
    covers=("OI-01", "OI-05", "OI-06", "OI-07"),
    yields_to=("role-trust-wildcard-principal",),
    settings=SETTINGS,
    types=ROLE_TYPES,
    check=check,
)
