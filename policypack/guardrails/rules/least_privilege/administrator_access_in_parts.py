"""The policies of one identity give administrator access together, though none of them does alone."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Yes
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..aws_documents import administrator_alone
from ..bearers import bearers
from ..identities import JOINED_TYPES


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for bearer in bearers(stack):
        answer = bearer.administrator
        alone = (one.placed.ask(administrator_alone) for one in bearer.held)
        if isinstance(answer, Yes) and not any(isinstance(each, Yes) for each in alone):
            message = f"all policies of {bearer} together give it {answer.witness.note}"
            yield bearer.spot((answer.document, answer.path)).finding(message, [answer.witness])


RULE = StackRule(
    id="administrator-access-in-parts",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="Several policies give administrator access together",
    why="Each policy passes a review by itself; whoever obtains the identity owns the account all the same.",
    fix="Take away the policy that lets the identity manage permissions, or name the identities it is meant for.",
    controls=("CIS-AWS-3.0.0:1.16",),
    covers=("LP-01",),
    types=JOINED_TYPES,
    check=check,
)
