"""More callers than one workload may assume a role that may do anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.answers import Undecided, Yes
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..aws_documents import ROLE_TYPES
from ..broad_trusts import ATTACHMENT_TYPES, Breadth, Callers, broad_callers, trusts_providers
from ..identities import JOINED_TYPES
from ..own_issuers import SETTINGS_OF
from ..powers import Power, power
from ..trusts import cause, unless_said


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for role in stack.of_type(ROLE_TYPES):
        # What a role may do has mostly been worked out for other rules, and few may do anything.
        can = power(stack, role) if trusts_providers(role) else None
        worst = next(iter(broad_callers(stack, role, context)), None) if can is not None else None
        if worst is not None and can is not None:
            found = _found(worst, can)
            yield from (replace(one, urn=role.urn) for one in unless_said(worst.placed, found))


def _found(callers: Callers, can: Power | Undecided) -> Iterator[Finding]:
    placed, answer = callers.placed, callers.answer
    place = cause(placed, callers.trusted.path)
    if callers.certain and isinstance(can, Power):
        token = (answer.witness,) if isinstance(answer, Yes) else ()
        yield placed.finding(
            callers.trusted.path,
            f"{callers} may assume this role, and then {can}",
            fix=callers.fix and f"Narrow the trust: {callers.fix}; or give the role only what its workload needs.",
            witness=(*token, *can.requests),
            severity=_severity(callers, can),
            cause=place,
        )
    elif not callers.certain and isinstance(can, Undecided):
        # Where only one of the two hangs, the rules on trusts or on policies say so.
        question = "more callers than one workload may assume this role, and do anything,"
        yield from placed.findings(answer, "", question, cause=place)


def _severity(callers: Callers, can: Power) -> Severity:
    if callers.breadth <= Breadth.ORGANIZATION:
        return Severity.CRITICAL
    return Severity.HIGH if can.administrator else Severity.MEDIUM


RULE = StackRule(
    id="oidc-broad-trust-on-powerful-role",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.CRITICAL,
    title="More callers than one workload may assume a role that may do anything",
    why="Whoever pushes a branch, opens a pull request or has a token of the same issuer, as far as the trust goes, has the whole account.",
    fix="Pin audience and the whole subject of one workload in the trust policy, or take permissions from the role until it has only what that workload needs.",
    covers=("OI-13",),
    settings_of=SETTINGS_OF,
    types=(*JOINED_TYPES, *ATTACHMENT_TYPES),
    check=check,
)
