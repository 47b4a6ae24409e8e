"""A managed policy that gives administrator access is attached to an identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws import managed
from ...aws.answers import Yes
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack, Value
from ...rule import StackRule
from ..aws_documents import administrator_alone
from ..identities import ATTACHING, JOINED_TYPES, attached_policies


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    said: set[str] = set()
    for giver in stack.of_type(ATTACHING):
        for value, found in attached_policies(stack, giver):
            if found is None:
                known = "" if value.is_open else value.text or ""
                if not known or known not in said:
                    said.add(known)
                    yield undecided(value.path, _unread(value, known), cause=value.path, urn=giver.urn)
            for one in found or ():
                # A policy of the stack is judged where its document stands.
                answer = one.placed.ask(administrator_alone) if one.placed.named else None
                if isinstance(answer, Yes):
                    message = f"the managed policy {managed.name_of(value.text or '')} makes its holder administrator"
                    finding = one.placed.finding(answer.path, message, witness=answer.witness, cause=value.path)
                    yield replace(finding, urn=giver.urn)


def _unread(value: Value, arn: str) -> str:
    if not arn:
        return "which policy is attached is not known yet, and it is none of this stack's own"
    if managed.name_of(arn) is not None:
        return f"{arn} is not among the policies that AWS managed on {managed.about()}, so what it grants is not known"
    return f"what {arn} grants stands in another stack; whoever holds it is judged without it"


RULE = StackRule(
    id="administrator-policy-attached",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="A managed policy with administrator access is attached",
    why="Whoever obtains such an identity owns the account: every key, every bucket, and the audit trail that would show it.",
    fix="Attach a policy that names the actions that are needed and the ARNs they are needed on.",
    controls=("CIS-AWS-3.0.0:1.16",),
    covers=("LP-14", "LP-15"),
    types=JOINED_TYPES,
    check=check,
)
