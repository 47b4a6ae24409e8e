"""An identity can become administrator by way of others."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.answers import Undecided
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..chains import chains, path_of, requests_of
from ..identities import JOINED_TYPES
from ..workloads import RUNNING_TYPES


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    followed = chains(stack)
    said: set[tuple[str, str]] = set()
    for chain in followed.found:
        place = chain.links[0].place
        where = chain.bearer.owner(place).urn, chain.bearer.cause(place)
        if where not in said:
            said.add(where)
            steps = len(chain.links) + 1
            message = f"{chain.bearer} gets to the top of the account in {steps} steps: it can {path_of(chain)}"
            yield chain.bearer.finding(place, message, requests_of(chain))
    for doubt in followed.doubts:
        where = doubt.bearer.owner(doubt.place).urn, doubt.bearer.cause(doubt.place)
        if where not in said:
            said.add(where)
            hung = Undecided(doubt.reason.reason, doubt.place[1])
            yield doubt.bearer.doubt(
                doubt.place, hung, f"can assume {doubt.target}, and so get to the top of the account,"
            )
    if not followed.complete and stack.root is not None:
        reason = "there are too many identities that may lead to an administrator to follow all of them"
        yield undecided("", reason, urn=stack.root.urn)


RULE = StackRule(
    id="privilege-escalation-chain",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An identity can escalate to administrator by way of others",
    why="No policy in the chain looks dangerous by itself; whoever obtains its first identity obtains the last.",
    fix="Break the chain at the step that is not needed: take the first grant away, or let it reach only what runs with no more than the identity has.",
    covers=("LP-08", "LP-20", "LP-45"),
    yields_to=("administrator-access-in-parts",),
    types=(*JOINED_TYPES, *RUNNING_TYPES),
    check=check,
)
