"""A role trusts every identity provider."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.claim_keys import tests_claims
from ...aws.trust_actions import SAML, WEB_IDENTITY, named_calls
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES
from ..precedence import above
from ..trusts import cause, trust_statements


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed, statement in trust_statements(resource):
        for principal in statement.principals or ():
            everyone = principal.is_everyone and tests_claims(statement)
            if not everyone and (principal.kind, principal.name) != ("Federated", "*"):
                continue
            calls = [call for call in (WEB_IDENTITY, SAML) if call in named_calls(statement)]
            if calls:
                yield placed.finding(
                    principal.path,
                    f"every identity provider of the account, also one that is registered later, is trusted for {' and '.join(calls)}",
                    cause=cause(placed, statement.path),
                )


RULE = ResourceRule(
    id="oidc-provider-wildcard",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.HIGH,
    title="A role trusts every identity provider",
    why="Condition keys name one issuer, and a token of another has none of them: what does not test each of them lets it in; AWS refuses most such documents.",
    fix='Name the provider: "Principal": {"Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER"}.',
    covers=("OI-08",),
    yields_to=above("role-trust-not-action"),
    types=ROLE_TYPES,
    check=check,
)
