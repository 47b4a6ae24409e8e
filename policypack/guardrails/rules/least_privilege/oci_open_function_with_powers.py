"""A function that strangers may call holds weighty rights."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..oci_code import Admission
from ..oci_gains import worst_gain
from ..oci_gateways import DEPLOYMENT
from ..oci_holdings import Said
from ..oci_openings import Opening, openings
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    said: dict[Said, Finding] = {}
    for opening in openings(stack):
        for admission in opening.admissions:
            for statement, finding in _judged(opening, admission):
                known = said.get(statement)
                if known is None or _weight(finding) > _weight(known):
                    said[statement] = finding
    for statement, finding in said.items():
        yield statement.finding(finding)


def _weight(finding: Finding) -> tuple[bool, int]:
    return finding.witness is not None, finding.severity.rank if finding.severity is not None else 0


def _judged(opening: Opening, admission: Admission) -> Iterator[tuple[Said, Finding]]:
    group = admission.group
    gain = worst_gain(group, None, near=opening.place)
    if gain is None:
        return
    doubt = opening.doubt or admission.doubt or gain.doubt
    if doubt:
        reason = f"whether {opening.caller} uses what {group.title} holds, by a function, hangs on {doubt}"
        yield gain.held.said, undecided("", reason)
        return
    finding = Finding(
        path="",
        message=f"{opening.caller} may call a function that, as {group.one_of_it}, may {gain.means}: {opening.how}",
        fix=f"Let the function hold less, or ask its callers to sign in. {gain.less}",
        severity=Severity.HIGH if gain.severity is Severity.HIGH else Severity.MEDIUM,
        witness=[
            {
                "principal": opening.caller,
                "action": "FN_INVOCATION",
                "resource": "the function",
                "context": {},
            },
            gain.held.request(f"the function, as {group.one_of_it}"),
        ],
    )
    yield gain.held.said, finding


RULE = StackRule(
    id="oci-open-function-with-powers",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A function that strangers may call holds weighty rights",
    why="The function acts with its own rights for whoever calls; one mistake in its code gives them away.",
    fix="Name the callers, or put an authorizer before the function; let its dynamic group hold what this function needs.",
    covers=("LP-89",),
    yields_to=above("oci-open-function-with-powers"),
    types=(*STATEMENT_TYPES, DEPLOYMENT),
    check=check,
)
