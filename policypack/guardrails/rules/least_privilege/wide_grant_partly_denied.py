"""A wide grant is left of a statement that other policies deny in part."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..escalating import GRAVE, partly_denied
from ..identities import JOINED_TYPES
from ..precedence import above


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for bearer, spot, answer, danger in partly_denied(stack):
        action = answer.witness.request.action
        message = (
            f"{bearer} can {danger.value} that nobody named: {action} is left, though a boundary or a Deny elsewhere "
            "keeps this statement from being worse"
        )
        fix = f"Name the resources that {action} is meant for, and take what is denied anyway out of the statement."
        severity = Severity.HIGH if danger in GRAVE else Severity.MEDIUM
        yield spot.finding(message, [answer.witness], fix=fix, severity=severity)


RULE = StackRule(
    id="wide-grant-partly-denied",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A wide grant is only denied in part",
    why="What is denied elsewhere makes the statement look harmless, and what is left of it reaches resources that nobody named.",
    fix="Name the resources that are meant, and take what is denied anyway out of the statement.",
    covers=("LP-08", "LP-10", "LP-12"),
    yields_to=above("wide-grant-partly-denied"),
    types=JOINED_TYPES,
    check=check,
)
