"""A stack registers the same OIDC issuer twice in one account."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..oidc_providers import PROVIDER_TYPES, issuer_in


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    by_arn: dict[str, Resource] = {}
    by_issuer: dict[str, Resource] = {}
    # The engine sends resources in no fixed order, and which of two is the second must not hang on it.
    for provider in sorted(stack.of_type(PROVIDER_TYPES), key=lambda each: each.urn):
        arn, issuer = provider["arn"].text, (issuer_in(provider) or "").lower()
        first = by_arn.setdefault(arn, provider) if arn else by_issuer.setdefault(issuer, provider)
        if first is provider or not (arn or issuer):
            continue
        if arn:
            yield Finding(
                path="url",
                urn=provider.urn,
                message=f"{first.name} registers this issuer already: an account has one provider for an issuer",
            )
        else:
            yield undecided(
                "url",
                f"{first.name} registers the same issuer; whether in the same account is not known yet",
                urn=provider.urn,
            )


RULE = StackRule(
    id="oidc-provider-registered-twice",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="A stack registers an OIDC issuer twice in one account",
    why="AWS refuses the second one, and its client ids with it: roles that count on these audiences admit nobody, or those of the first.",
    fix="Keep one of the two with the client ids of both, and have every role trust its ARN.",
    covers=("OI-09",),
    types=PROVIDER_TYPES,
    check=check,
)
