"""Several statements together let their subject take over one that holds more."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..oci_holdings import Said
from ..oci_statements import STATEMENT_TYPES
from ..oci_takeovers import Takeover, takeovers
from ..precedence import above


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    said: dict[Said, tuple[Takeover, Finding]] = {}
    for takeover in takeovers(stack):
        statement = takeover.by[0].said
        known = said.get(statement)
        # What a group may do is not told again of its members.
        if known is None or (not takeover.holder.is_user and _weight(takeover) > _weight(known[0])):
            said[statement] = takeover, _finding(takeover)
    for statement, (_, finding) in said.items():
        yield statement.finding(finding)


def _weight(takeover: Takeover) -> tuple[bool, int]:
    return not takeover.doubt, takeover.gain.severity.rank


def _finding(takeover: Takeover) -> Finding:
    holder, gain = takeover.holder.title, takeover.gain
    by = " and ".join(dict.fromkeys(f"`{each.said}`" for each in takeover.by))
    means = f"{holder} may {takeover.does}, which may {gain.means}"
    if takeover.doubt:
        return undecided("", f"whether {means}, hangs on {takeover.doubt}")
    return Finding(
        path="",
        message=f"{means}; {holder} itself may not. It takes {by}",
        fix=f"Take away `{takeover.by[0].said}`, or let what is taken over hold less. {gain.less}",
        severity=gain.severity,
        witness=[
            *(each.request(holder) for each in takeover.by),
            gain.held.request(f"{holder}, by way of {takeover.taken.title}"),
        ],
    )


RULE = StackRule(
    id="oci-escalation-by-statements-together",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="Statements together let their subject take over one that holds more",
    why="Each statement names what it is for and looks narrow; together they let their holder escalate to what another holds.",
    fix="Let nobody change the members, credentials or matching rule of what holds more than he does.",
    covers=("LP-82", "LP-88c"),
    yields_to=above("oci-escalation-by-statements-together"),
    types=STATEMENT_TYPES,
    check=check,
)
