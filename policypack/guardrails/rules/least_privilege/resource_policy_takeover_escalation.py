"""An identity can rewrite the policies of resources that nobody named."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.escalation import Escalation
from ...aws.escalation_methods import Family
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..bearers import Bearer
from ..escalating import findings
from ..identities import JOINED_TYPES
from ..precedence import above


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    yield from findings(stack, (Family.TAKEOVER,), _message)


def _message(bearer: Bearer, one: Escalation) -> str:
    return f"{bearer} can {one.method.title}"


RULE = StackRule(
    id="resource-policy-takeover-escalation",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An identity can rewrite the policies of resources",
    why="Who writes the policy of a key, a bucket or a queue decides who uses it: the identity can let itself in, or strangers.",
    fix="Name the resources whose policies the identity is meant to manage.",
    covers=("LP-08", "LP-12"),
    yields_to=(*above("wide-grant-partly-denied"), "privilege-escalation"),
    types=JOINED_TYPES,
    check=check,
)
