"""An OIDC provider names no audience that its tokens must be for."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...glob import has_wildcard
from ...model import Context, Resource
from ...rule import ResourceRule
from ..oidc_providers import PROVIDER_TYPES, client_ids, issuer_in


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    ids = client_ids(resource)
    if ids.unknown:
        yield undecided(ids.path, "whether the provider names an audience cannot be told: its client ids are not known")
        return
    given = [each for each in ids.elements() if each.unknown or each.text]
    if not given:
        tokens = f"the tokens of {issuer_in(resource) or 'the issuer'}"
        yield Finding(
            path=ids.path,
            message=f"the provider has no client id, so nothing here says for which audience {tokens} have to be made",
        )
    for each in given:
        if has_wildcard(each.text or ""):
            yield Finding(
                path=each.path,
                message="STS compares client ids letter by letter: this one is the audience of no token, "
                "and does not stand for every audience either",
            )


RULE = ResourceRule(
    id="oidc-provider-without-audience",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="An OIDC provider names no audience for its tokens",
    why="The client ids are the account's own test of who a token was made for, ahead of every role; the thumbprint pins the certificate of the issuer's server, and says nothing of that.",
    fix='List the one audience that your workload asks for, such as "sts.amazonaws.com"; it is the `aud` claim of its tokens, and compared as it is written.',
    covers=("OI-09",),
    types=PROVIDER_TYPES,
    check=check,
)
