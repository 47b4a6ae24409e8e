"""A statement of an OIDC trust admits no token at all, or a value in it none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.answers import No
from ...aws.claim_tests import dead_values
from ...aws.federation import FederationAnswer
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..federated import Cause, answers, cause
from ..own_issuers import SETTINGS_OF
from ..precedence import above
from ..trust_fixes import to_paste

# Without its quantifier.


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        found = answers(placed, context)
        # A role that somebody else can assume works; one dead way into it is easily overlooked.
        severity = None if all(isinstance(each.anybody, No) for each in found) else Severity.LOW
        for answer in found:
            refused = answer.undemanded and not answer.wrong_keys
            place = cause(placed, answer, Cause.SUBJECT if refused else Cause.NOBODY)
            yield from (replace(one, cause=place, severity=severity) for one in _dead(placed, answer))


def _dead(placed: Placed, answer: FederationAnswer) -> Iterator[Finding]:
    """The values that no token has; where there are none of these, the statement if no token meets it."""
    nobody, values = isinstance(answer.anybody, No), dead_values(answer.statement, answer.name or "SAML")
    effect = "so nobody can assume this role by this statement"
    for condition, text in values:
        yield placed.finding(
            condition.path,
            f"{condition.operator} compares letter for letter, as StringLike does not: no token has the value {text}"
            + (f", {effect}" if nobody else ""),
            fix=to_paste(answer),
        )
    if nobody and not values:
        tokens = f"token of {answer.name}" if answer.name else "assertion of the provider"
        yield placed.finding(answer.path, f"no {tokens} meets all conditions, {effect}", fix=to_paste(answer))


RULE = ResourceRule(
    id="oidc-trust-admits-nobody",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="An OIDC trust admits no token",
    why="The workload the role is for cannot assume it, and the hurried repair of a trust policy tends to be too wide.",
    fix="Write patterns with StringLike, and values that tokens of the issuer can hold.",
    covers=("OI-04",),
    yields_to=(*above("oidc-trust-admits-nobody"), "role-trust-grants-nothing"),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
