"""How escalations become findings, for the rules that share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from ..aws.answers import Undecided, Yes
from ..aws.authority import Authority
from ..aws.breadth import breadths
from ..aws.document import Document
from ..aws.escalation import Escalation, escalations
from ..aws.escalation_methods import Family
from ..findings import Finding, Severity
from ..model import Stack
from .aws_documents import Placed, administrator_alone
from .bearers import Bearer, bearers

# The method of assuming a role that lets the holder in.
ASSUME: Final = "assume-role"
# Methods that a message names besides the first.
_NAMED: Final = 3


def escalating_statements(placed: Placed) -> frozenset[str]:
    """The statements by which a document alone lets its holder escalate, as far as rules over the stack say so.

    That is of higher meaning than what a rule on the one document could say of them.
    """
    return placed.ask(_escalating)


def _escalating(document: Document) -> frozenset[str]:
    everything = _everything(document)
    return frozenset(
        path
        for one in escalations(Authority.of((document,))).found
        if _told(one, [path in everything for _, path in one.places])
        for _, path in one.places
    )


def _everything(document: Document) -> frozenset[str]:
    """The statements that grant whatever there is, or will be, but for what they name."""
    return frozenset(each.statement.path for each in breadths(document) if isinstance(each.everything, Yes))


def severity_of(one: Escalation) -> Severity:
    """How bad an escalation is: whether it is the holder's alone to take, and whether it ends in a role of others."""
    if one.method.family is Family.TAKEOVER:
        return Severity.HIGH
    if one.conditional:
        # What happens to run or to let the holder in is there or not; whose permissions it changes is there.
        hangs = one.method.family is Family.EXISTING or one.method.id == ASSUME
        return Severity.MEDIUM if hangs else Severity.HIGH
    return Severity.HIGH if one.method.family is Family.PASSED_ROLE or one.bounded else Severity.CRITICAL


def _told(one: Escalation, everything: Sequence[bool]) -> bool:
    """Whether an escalation says something whatever else there is.

    One that takes a target which holds more, on targets that the document names, is the business of chains. Where a
    statement grants everything but for what it names (`everything`, for each step), that is what is to be said of it,
    unless the holder needs nothing else to escalate.
    """
    needs_more = one.conditional or one.method.family is Family.TAKEOVER
    return not (needs_more and (one.bounded or any(everything)))


def findings(
    stack: Stack,
    families: Sequence[Family],
    message: Callable[[Bearer, Escalation], str],
) -> Iterator[Finding]:
    """One finding for each statement by which some bearer can escalate, with the gravest method and the names of others.

    Where several bearers hold the document, the first is named.
    """
    said: set[tuple[str, str]] = set()
    for bearer in bearers(stack):
        # What holds everything has nothing to escalate to.
        if isinstance(bearer.administrator, Yes):
            continue
        found = [one for one in bearer.escalations.found if one.method.family in families and _told_of(bearer, one)]
        for place, ways in _by_place(found).items():
            where = bearer.owner(place).urn, bearer.cause(place)
            if where not in said:
                said.add(where)
                first = ways[0]
                yield bearer.finding(
                    place,
                    message(bearer, first) + _others(ways[1:]),
                    first.witnesses,
                    severity=severity_of(first),
                    fix=first.method.fix,
                )
        for doubt in bearer.escalations.doubts:
            place = bearer.granting((doubt.document, doubt.statement))
            where = bearer.owner(place).urn, bearer.cause(place)
            # What cannot be read at all is said to be so where the document is judged alone.
            unread = isinstance(bearer.held[place[0]].placed.ask(administrator_alone), Undecided)
            if doubt.method.family in families and where not in said and not unread:
                said.add(where)
                yield bearer.doubt(place, doubt.reason, f"can {doubt.method.title}")


def _told_of(bearer: Bearer, one: Escalation) -> bool:
    return _told(one, [path in bearer.held[document].placed.ask(_everything) for document, path in one.places])


def _by_place(found: Iterable[Escalation]) -> dict[tuple[int, str], list[Escalation]]:
    """Escalations by the statement that makes them, the gravest first.

    Of several statements that take part it is the first that takes part in the gravest.
    """
    ordered = sorted(found, key=lambda one: (-severity_of(one).rank, one.method.row))
    groups: dict[tuple[int, str], list[Escalation]] = {}
    for one in ordered:
        place = next((each for each in one.places if each in groups), one.places[-1])
        groups.setdefault(place, []).append(one)
    return groups


def _others(ways: Sequence[Escalation]) -> str:
    """The other methods, in words."""
    titles = list(dict.fromkeys(one.method.title for one in ways))
    if not titles:
        return ""
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    return f"; it can also {', '.join(titles[:_NAMED])}{more}"
