"""An identity can give itself more than it was given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.escalation import Escalation
from ...aws.escalation_methods import Family, Needs
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..bearers import Bearer
from ..escalating import findings
from ..identities import JOINED_TYPES
from ..precedence import above

_FAMILIES: Final = (Family.SELF, Family.PRINCIPAL, Family.PASSED_ROLE, Family.EXISTING)


_HANGS: Final = {
    Needs.WIDE: ", and has more where one of these holds more",
    Needs.MORE: ", and has more where one of these holds more",
    Needs.CONTROL: ", and has it too where it controls one of them",
}


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    yield from findings(stack, _FAMILIES, _message)


def _message(bearer: Bearer, one: Escalation) -> str:
    return f"{bearer} can {one.method.title}{_HANGS[one.way.needs] if one.conditional else ''}"


RULE = StackRule(
    id="privilege-escalation",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An identity can give itself more than it was given",
    why="Whoever obtains the identity ends up with more than its policies say: the list of what it may do is not the list of what it can do.",
    fix="Take one of the actions away, or limit it to named targets that hold no more than the identity itself.",
    covers=("LP-08", "LP-20", "LP-45", "LP-63"),
    yields_to=above("privilege-escalation"),
    types=JOINED_TYPES,
    check=check,
)
