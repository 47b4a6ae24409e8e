"""An OIDC provider accepts tokens for several audiences."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import has_stand_in
from ..oidc_providers import PROVIDER_TYPES, client_ids


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    ids = client_ids(resource)
    if ids.unknown:
        yield undecided(
            ids.path, "how many audiences the provider accepts cannot be told: its client ids are not known"
        )
        return
    given = [each for each in ids.elements() if each.unknown or each.text]
    open_ids = {each.text or each.path for each in given if each.unknown or has_stand_in(each.text or "")}
    known = {each.text for each in given} - {None, *open_ids}
    if len(known) > 1:
        yield Finding(
            path=ids.path,
            message=f"tokens for {len(known)} audiences pass this provider: a role that does not pin its own "
            "can be assumed with those made for the others",
        )
    elif len(known) + len(open_ids) > 1:
        yield undecided(ids.path, "whether these client ids are one audience or several is not known yet")


RULE = ResourceRule(
    id="oidc-provider-shared-audiences",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An OIDC provider accepts tokens for several audiences",
    why="The list holds for the whole account, so it no longer tells the workloads behind one provider apart.",
    fix='Pin the audience in each role that trusts the provider: "StringEquals": {"ISSUER:aud": "AUDIENCE"}, and drop the client ids that nothing uses.',
    covers=("OI-09",),
    types=PROVIDER_TYPES,
    check=check,
)
