"""A managed policy of AWS is attached that lets its holder decide over permissions, or do everything but that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ...aws.answers import Yes
from ...aws.breadth import breadths
from ...aws.dangers import Danger
from ...aws.document import Document
from ...findings import Concern, Finding, Severity
from ...model import Context, Stack
from ...rule import StackRule
from ..identities import ATTACHING, JOINED_TYPES, attached_policies, identities
from ..precedence import above

_ELEVATED: Final = (Danger.PERMISSIONS, Danger.PASSING)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    others = {one.giver.urn for identity in identities(stack) if not identity.serves_only for one in identity.held}
    for giver in stack.of_type(ATTACHING):
        for value, found in attached_policies(stack, giver):
            for one in found or ():
                worst = one.placed.ask(_worst) if one.of_aws else None
                if worst is not None and (giver.urn in others or not one.for_services):
                    answer, does, severity = worst
                    message = f"the managed policy {one.of_aws} lets its holder {does} on every resource"
                    finding = one.placed.finding(
                        answer.path, message, witness=answer.witness, severity=severity, cause=value.path
                    )
                    yield replace(finding, urn=giver.urn)


def _worst(document: Document) -> tuple[Yes, str, Severity] | None:
    """The widest that a policy grants, in words."""
    found = breadths(document)
    for each in found:
        if isinstance(each.everything, Yes):
            return each.everything, "do everything that it does not name as an exception", Severity.HIGH
    for danger in _ELEVATED:
        for each in found:
            reach = each.reaches.get(danger)
            if reach is not None and isinstance(reach.answer, Yes):
                return reach.answer, f"{danger.value}, such as {reach.answer.witness.request.action},", Severity.MEDIUM
    return None


RULE = StackRule(
    id="elevated-policy-attached",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A wide managed policy of AWS is attached",
    why="AWS writes these policies for every customer at once, and widens them: hardly anybody needs all of one.",
    fix="Attach a policy of your own with the actions that are needed, on the ARNs they are needed on.",
    covers=("LP-16",),
    yields_to=(
        "administrator-policy-attached",
        *above("wide-grant-partly-denied"),
        "privilege-escalation",
        "resource-policy-takeover-escalation",
    ),
    types=JOINED_TYPES,
    check=check,
)
