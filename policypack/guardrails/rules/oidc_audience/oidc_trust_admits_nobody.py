"""A statement of an OIDC trust admits no token at all, or a value in it none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...aws.answers import No
from ...aws.claim_tests import dead_values
from ...aws.federation import FederationAnswer
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, trust_documents
from ..federated import SETTINGS_OF, answers, cause, to_paste


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        found = answers(placed, context)
        for answer in found:
            nobody = isinstance(answer.anybody, No)
            # A role that somebody else can assume works; one dead way into it is easily overlooked.
            severity = None if nobody and _is_all(found) else Severity.LOW
            place = cause(placed, answer, "sub" if answer.undemanded and not answer.wrong_keys else "nobody")
            values = dead_values(answer.statement, answer.name or "SAML")
            for condition, text in values:
                yield placed.finding(
                    condition.path,
                    f"{condition.operator} compares letter for letter, so no token has the value {text}"
                    + (" and nobody can assume this role by it" if nobody else ""),
                    fix=f'Write "{_like(condition.operator)}": {{"{condition.key}": "{text}"}}.',
                    cause=place,
                    severity=severity,
                )
            if nobody and not values:
                yield placed.finding(
                    answer.path,
                    f"no token of {answer.name or 'the provider'} meets all the conditions, so nobody can assume this role by it",
                    fix=to_paste(answer),
                    cause=place,
                    severity=severity,
                )


def _is_all(found: Sequence[FederationAnswer]) -> bool:
    """Whether no token or assertion is admitted at all, of whatever provider."""
    return all(isinstance(each.anybody, No) for each in found)


def _like(operator: str) -> str:
    quantifier, colon, _ = operator.rpartition(":")
    return f"{quantifier}{colon}StringLike"


RULE = ResourceRule(
    id="oidc-trust-admits-nobody",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="An OIDC trust admits no token",
    why="The workload the role is for cannot assume it, and the hurried repair of a trust policy tends to be too wide.",
    fix="Write patterns with StringLike, and values that tokens of the issuer can hold.",
    covers=("OI-04",),
    yields_to=(
        "oidc-condition-key-of-another-issuer",
        "oidc-condition-key-with-scheme",
        "oidc-condition-on-unknown-claim",
        "oidc-trust-refused-by-aws",
        "role-trust-grants-nothing",
    ),
    settings_of=SETTINGS_OF,
    types=ROLE_TYPES,
    check=check,
)
