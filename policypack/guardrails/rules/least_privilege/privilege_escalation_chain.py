"""An identity can become administrator by way of others."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..chains import chains
from ..identities import JOINED_TYPES
from ..precedence import above
from ..workloads import RUNNING_TYPES


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    followed = chains(stack)
    said: set[tuple[str, str]] = set()
    for chain in followed.found:
        first = chain.links[0]
        if first.spot.key not in said:
            said.add(first.spot.key)
            steps = len(chain.links) + 1
            message = f"{chain.bearer} gets to the top of the account in {steps} steps: it can {chain.path}"
            action = first.witnesses[-1].request.action
            fix = f"Take {action} away from {chain.bearer}, or let it reach only what has no more than it has."
            yield first.spot.finding(message, chain.requests, fix=fix)
    for doubt in followed.doubts:
        if doubt.spot.key not in said:
            said.add(doubt.spot.key)
            question = f"{doubt.bearer} can assume {doubt.target}, and so get to the top of the account,"
            yield doubt.spot.doubt(doubt.reason, question)
    if not followed.complete:
        reason = "there are too many identities that may lead to an administrator to follow all of them"
        yield undecided("", reason, urn=stack.root.urn if stack.root is not None else stack.resources[0].urn)


RULE = StackRule(
    id="privilege-escalation-chain",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An identity can escalate to administrator by way of others",
    why="No policy in the chain looks dangerous by itself; whoever obtains its first identity obtains the last.",
    fix="Break the chain at the step that is not needed: take the first grant away, or let it reach only what runs with no more than the identity has.",
    covers=("LP-08", "LP-20", "LP-45"),
    yields_to=above("privilege-escalation-chain"),
    types=(*JOINED_TYPES, *RUNNING_TYPES),
    check=check,
)
