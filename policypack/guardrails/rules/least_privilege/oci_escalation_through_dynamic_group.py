"""Whoever may deploy code gets at what the dynamic group of that code holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Stack
from ...oci.powers import CODE, Code
from ...rule import StackRule
from ..oci_code import Admission, Admissions, admissions
from ..oci_compartments import ROOT, Path
from ..oci_gains import administers, worst_gain, worth, worth_near
from ..oci_holdings import Holding, Said
from ..oci_identities import identities
from ..oci_identity import Identity
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_MOST: Final = (True, Severity.HIGH.rank)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    said: dict[Said, Finding] = {}
    subjects = identities(stack)
    for holder in (*subjects.different(), *subjects.named_users()):
        if administers(holder):
            continue
        for code in CODE:
            for holding in holder.own(code.power):
                for finding in _found(stack, holder, code, holding):
                    known = said.get(holding.said)
                    if known is None or _weight(finding) > _weight(known):
                        said[holding.said] = finding
                    if _weight(finding) == _MOST:
                        break
    for statement, finding in said.items():
        yield statement.finding(finding)


def _weight(finding: Finding) -> tuple[bool, int]:
    return finding.witness is not None, finding.severity.rank if finding.severity is not None else 0


def _found(stack: Stack, holder: Identity, code: Code, holding: Holding) -> Iterator[Finding]:
    place, known = holding.path, admissions(stack)
    worst = 0
    for admission in _near(known, holder, code, holding):
        most = worth(admission.group) if place is None else worth_near(admission.group, place)
        if most <= worst:
            continue
        doubt = holding.doubt or admission.doubt
        if place is None and admission.path is not None:
            doubt = doubt or f"the location of `{holding.said}`"
        likely = " if it bears the tag that the group asks for," if admission.tagged else ""
        for finding in _judged(holder, code, holding, replace(admission, doubt=doubt), likely):
            worst = max(worst, _weight(finding)[1])
            yield finding
    for admission, doubt in known.perhaps_near(code.kind, place) if place else ():
        if doubt and worst:
            return
        where = f"{doubt} {holding.said.show(holding.said.written.place)}" if doubt else ""
        likely = " if it runs where the statements say,"
        for finding in _judged(holder, code, holding, replace(admission, doubt=holding.doubt or where), likely):
            worst = max(worst, _weight(finding)[1])
            yield finding
            if where:
                # The doubt is the same of all that follow.
                return


def _near(known: Admissions, holder: Identity, code: Code, holding: Holding) -> Iterator[Admission]:
    """The admissions where a holder deploys."""
    place = ROOT if holding.path is None else holding.path
    if not holder.is_denied_some(code.power):
        yield from known.near(code.kind, place)
        return
    left: dict[Path | None, Holding | None] = {None: holding}
    for admission in known.each_near(code.kind, place):
        path = admission.path
        if path not in left:
            left[path] = holder.left_at(path or ROOT, holding, code.power)
        held = left[path]
        if held is not None:
            yield replace(admission, doubt=admission.doubt or held.doubt)


def _judged(holder: Identity, code: Code, holding: Holding, admission: Admission, likely: str) -> Iterator[Finding]:
    group = admission.group
    if group is holder or (admission.one and not code.existing):
        return
    gain = worst_gain(group, holder, near=holding.path)
    if gain is None:
        return
    may = f"{holder.title} may {code.does} in {holding.said.show(holding.said.written.place)}"
    doubt = admission.doubt or gain.doubt
    if not doubt:
        whom, members = ("such callers", "them") if group.callers else ("the dynamic group", "its members")
        yield Finding(
            path="",
            message=f"{may}, and{likely} as {group.one_of_it} that code may {gain.means}, which {holder.title} may not",
            fix=f"Let {whom} hold less, or keep {members} where {holder.title} may not do that. {gain.less}",
            severity=Severity.MEDIUM if likely and gain.severity is Severity.HIGH else gain.severity,
            witness=[holding.request(holder.title), gain.held.request(f"{code.acts}, as {group.one_of_it}")],
        )
    elif gain.severity is not Severity.LOW:
        yield undecided("", f"{may}; whether that gives it what {group.title} holds hangs on {doubt}")


RULE = StackRule(
    id="oci-escalation-through-dynamic-group",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="Whoever may deploy code gets at what the dynamic group of that code holds",
    why="Code runs with the rights of the resource it runs in, so whoever deploys it escalates to them.",
    fix="Let the dynamic group hold less, or keep its members in a compartment where nobody with fewer rights deploys.",
    covers=("LP-88c", "LP-89"),
    yields_to=above("oci-escalation-through-dynamic-group"),
    types=STATEMENT_TYPES,
    check=check,
)
