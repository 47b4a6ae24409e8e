"""A role pins an audience for which its OIDC provider takes no token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ...aws.answers import Undecided
from ...aws.document import Effect, Text
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..oidc_providers import Mismatch, client_ids, mismatches

_SHOWN: Final = 3


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for role in stack.of_type(ROLE_TYPES):
        for placed in trust_documents(role):
            key = str(placed.value.keys[0])
            for statement in placed.document.statements:
                for each in mismatches(stack, role, key, statement) if statement.effect is Effect.ALLOW else ():
                    found = _findings(placed, each)
                    yield from (replace(one, urn=role.urn, cause=placed.place(statement.path)) for one in found)


def _findings(placed: Placed, found: Mismatch) -> Iterator[Finding]:
    where = found.provider.name
    if not found.certain:
        doubt = Undecided("one of the two is not known yet", found.pinned.path)
        yield from placed.findings(doubt, "", f"the provider {where} takes tokens for this audience")
        return
    wanted, takes = _quoted(found.pinned.values), _quoted(found.registered)
    yield placed.finding(
        found.pinned.path,
        f"this admits tokens for {wanted}, and the provider {where} takes those for {takes}: STS refuses every "
        "token before it asks this role",
        fix=f"Add {wanted} to {client_ids(found.provider).path} of {where} if that is what your workload asks for, or "
        f'pin what it registers: "StringEquals": {{"{found.issuer}:aud": "{found.registered[0]}"}}.',
    )


def _quoted(texts: Sequence[Text]) -> str:
    shown = list(dict.fromkeys(f'"{each}"' for each in texts))
    more = [f"{len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
    return " and ".join([*shown[:_SHOWN], *more])


RULE = StackRule(
    id="oidc-audience-not-registered",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="A role pins an audience that its OIDC provider does not take",
    why="STS compares a token with the client ids of the provider first. The role admits nobody, and what makes it work in a hurry is most often a wildcard.",
    fix="Have the client ids of the provider, the condition of the role and the workload name the same audience.",
    covers=("OI-02",),
    types=ROLE_TYPES,
    check=check,
)
