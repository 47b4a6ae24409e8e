"""How escalations become findings, for the rules that share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Final

from ..aws.answers import Undecided, Yes
from ..aws.authority import Authority
from ..aws.breadth import breadth_within, breadths
from ..aws.dangers import Danger
from ..aws.document import Document
from ..aws.escalation import Escalation, escalations
from ..aws.escalation_methods import Family, Method, Needs
from ..aws.evaluate import Verdict, decide
from ..findings import Finding, Severity
from ..model import Stack
from .aws_documents import Placed, administrator_alone
from .bearers import Bearer, Spot, bearers

# The method of assuming a role that lets the holder in.
ASSUME: Final = "assume-role"
GRAVE: Final = frozenset({Danger.PERMISSIONS, Danger.PASSING, Danger.CREDENTIALS, Danger.OBJECTS})
# Methods that a message names besides the first.
_NAMED: Final = 3


def escalating_statements(placed: Placed) -> frozenset[str]:
    """The statements by which a document alone lets its holder escalate, as far as rules over the stack say so of them.

    That is of higher meaning than what a rule on the one document could say.
    """
    return frozenset(path for _, path in placed.ask(_alone))


def _alone(document: Document) -> Mapping[tuple[int, str], Sequence[Escalation]]:
    """What a document by itself lets its holder escalate by, as it is told: by the statement that it is told of."""
    standing = _standing(document)
    found = escalations(Authority.of((document,))).found
    return _by_place(one for one in found if _told(one, [standing.get(path) for _, path in one.places]))


class _Standing(Enum):
    """What is to be said of a statement by itself, where that is grave."""

    EVERYTHING = "it grants whatever there is, or will be, but for what it names"
    GRAVE = "it grants permissions, credentials or objects that nobody named"


def _standing(document: Document) -> Mapping[str, _Standing]:
    """The statements of which something grave is said by themselves, by path."""
    found: dict[str, _Standing] = {}
    for each in breadths(document):
        if isinstance(each.everything, Yes):
            found[each.statement.path] = _Standing.EVERYTHING
        elif any(isinstance(reach.answer, Yes) for danger, reach in each.reaches.items() if danger in GRAVE):
            found[each.statement.path] = _Standing.GRAVE
    return found


def _severity_of(one: Escalation) -> Severity:
    """How bad an escalation is: whether it is the holder's alone to take, and whether it ends in a role of others."""
    if one.method.family is Family.TAKEOVER:
        return Severity.HIGH
    if one.conditional:
        # What happens to run or to let the holder in is there or not; whose permissions it changes is there.
        hangs = one.method.family is Family.EXISTING or one.method.id == ASSUME
        return Severity.MEDIUM if hangs else Severity.HIGH
    return Severity.HIGH if one.method.family is Family.PASSED_ROLE or one.bounded else Severity.CRITICAL


def _told(one: Escalation, standing: Sequence[_Standing | None]) -> bool:
    """Whether an escalation says something whatever else there is. `standing` is that of the statement of each step.

    One that takes a target which holds more, on targets that the document names, is the business of chains. Where a
    statement grants everything, that is what is to be said of it, unless the holder needs nothing else to escalate; and
    a graver thing goes before one that hangs on what happens to be there.
    """
    needs_more = one.conditional or one.method.family is Family.TAKEOVER
    if needs_more and (one.bounded or _Standing.EVERYTHING in standing):
        return False
    return _severity_of(one) is not Severity.MEDIUM or _Standing.GRAVE not in standing


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
        for place, among in _groups(bearer).items():
            spot = bearer.spot(place)
            ways = [one for one in among if one.method.family in families]
            if not ways:
                continue
            if spot.key not in said and not isinstance(spot.placed.ask(administrator_alone), Yes):
                said.add(spot.key)
                first = ways[0]
                by, fix = _fix(bearer, first, place)
                text = message(bearer, first) + by + _others(ways[1:])
                yield spot.finding(text, first.witnesses, severity=_severity_of(first), fix=fix)
        for doubt in bearer.escalations.doubts if not isinstance(bearer.administrator, Yes) else ():
            spot = bearer.spot((doubt.document, doubt.statement))
            if doubt.method.family in families and spot.key not in said and not _doubted(spot):
                said.add(spot.key)
                yield spot.doubt(_limited(bearer, doubt.reason), f"{bearer} can {doubt.method.title}")


def partly_denied(stack: Stack) -> Iterator[tuple[Bearer, Spot, Yes, Danger]]:
    """What is left of statements that escalate by themselves, where other policies or a boundary end the escalation.

    Rules on the one document leave such a statement to those on the stack, which then have nothing to say of it. What
    it grants all the same on resources that nobody named is told here, the worst of it.
    """
    everybody = [one for one in bearers(stack) if not isinstance(one.administrator, Yes)]
    told = {bearer.spot(place).key for bearer in everybody for place in _groups(bearer)}
    for bearer in everybody:
        # Nothing else can hold back what one document allows.
        if bearer.boundary is None and not bearer.authority.denies:
            continue
        for index, held in enumerate(bearer.held):
            of_a_service = held.for_services and bearer.identity is not None and bearer.identity.serves_only
            if of_a_service or isinstance(held.placed.ask(administrator_alone), Yes):
                continue
            for path in sorted(escalating_statements(held.placed)):
                spot = bearer.spot((index, path))
                left = _left(bearer, spot) if spot.key not in told else None
                if left is not None:
                    told.add(spot.key)
                    yield bearer, spot, *left


def _left(bearer: Bearer, spot: Spot) -> tuple[Yes, Danger] | None:
    """The worst that a statement grants on what nobody named, and that nothing else of a bearer denies for certain."""
    (alone,) = (each for each in spot.placed.ask(breadths) if each.statement.path == spot.path)
    within = breadth_within(spot.placed.document, alone.statement, bearer.authority)
    for danger in Danger:
        left, reach = within.reaches.get(danger), alone.reaches.get(danger)
        if left is not None and reach is not None:
            answer = left.answer if isinstance(left.answer, Yes) else reach.answer
            if isinstance(answer, Yes):
                return answer, danger
    return None


def _doubted(spot: Spot) -> bool:
    """Whether what cannot be read is said to be so where the document is judged alone."""
    if isinstance(spot.placed.ask(administrator_alone), Undecided):
        return True
    return any(
        isinstance(reach.answer, Undecided)
        for each in spot.placed.ask(breadths)
        if each.statement.path == spot.path
        for reach in each.reaches.values()
    )


def _limited(bearer: Bearer, reason: Undecided) -> Undecided:
    """A doubt, with the boundary named where it is that which is not known."""
    unknown = any(one.document.holes for one in bearer.boundary or ())
    return Undecided("what its permissions boundary says is not known", reason.path) if unknown else reason


def _groups(bearer: Bearer) -> Mapping[tuple[int, str], Sequence[Escalation]]:
    """What a bearer can escalate by, as it is told, by the statement that it is told of.

    First the statements by which one document alone escalates, where nothing else denies it, since no other rule speaks
    of them; then what only all documents together allow.
    """
    if isinstance(bearer.administrator, Yes):
        # What holds everything has nothing to escalate to, but by its other documents alone it could.
        return {
            (index, path): [replace(one, places=tuple((index, each) for _, each in one.places)) for one in ways]
            for index, held in enumerate(bearer.held)
            for (_, path), ways in held.placed.ask(_alone).items()
            if not isinstance(held.placed.ask(administrator_alone), Yes)
        }
    found = {one.method: one for one in bearer.escalations.found if _told_of(bearer, one)}
    groups: dict[tuple[int, str], list[Escalation]] = {}
    covered: set[Method] = set()
    for index, held in enumerate(bearer.held if found else ()):
        for (_, path), ways in held.placed.ask(_alone).items():
            moved = [
                replace(as_it_is, witnesses=one.witnesses, places=tuple((index, each) for _, each in one.places))
                for one in ways
                if (as_it_is := _as_it_is(one, found)) is not None and _allowed(bearer, one)
            ]
            covered.update(one.method for one in moved)
            if moved:
                groups[index, path] = moved
    return _by_place((one for method, one in found.items() if method not in covered), groups)


def _as_it_is(one: Escalation, found: Mapping[Method, Escalation]) -> Escalation | None:
    """What an escalation by a document alone is for who holds it, given all that the holder can escalate by.

    To give itself permissions may be to give them to others.
    """
    others = (each for each in found.values() if each.way.needs is Needs.CONTROL)
    return found.get(one.method) or (next(others, None) if one.method.family is Family.SELF else None)


def _allowed(bearer: Bearer, one: Escalation) -> bool:
    requests = (witness.request for witness in one.witnesses)
    return all(decide(bearer.authority, request).verdict is Verdict.ALLOWED for request in requests)


def _told_of(bearer: Bearer, one: Escalation) -> bool:
    return _told(one, [bearer.held[document].placed.ask(_standing).get(path) for document, path in one.places])


def _fix(bearer: Bearer, one: Escalation, place: tuple[int, str]) -> tuple[str, str]:
    """By what an escalation is granted at a place, in words, and what to do about it."""
    by, granted = bearer.granted(one.witnesses[one.places.index(place)].request.action, place)
    if granted:
        return by, one.method.fix(granted)
    name = bearer.held[place[0]].of_aws
    return by, f"Attach a policy of your own in place of {name}, with the actions and the ARNs that are needed."


def _by_place(
    found: Iterable[Escalation], groups: Mapping[tuple[int, str], Sequence[Escalation]] | None = None
) -> Mapping[tuple[int, str], Sequence[Escalation]]:
    """Escalations by the statement that makes them, the gravest first, added to those that are there already.

    Of several statements that take part it is the first that takes part in the gravest.
    """
    placed = {place: list(among) for place, among in (groups or {}).items()}
    for one in sorted(found, key=_gravity):
        # What is to be limited is the role that is passed; else the last step is what does it.
        usual = one.places[0] if one.method.family is Family.PASSED_ROLE else one.places[-1]
        place = next((each for each in one.places if each in placed), usual)
        placed.setdefault(place, []).append(one)
    return {place: sorted(among, key=_gravity) for place, among in placed.items()}


def _gravity(one: Escalation) -> tuple[int, int]:
    """The order of escalations, the gravest first."""
    return -_severity_of(one).rank, one.method.row


def _others(ways: Sequence[Escalation]) -> str:
    """The other methods, in words."""
    titles = list(dict.fromkeys(one.method.title for one in ways))
    if not titles:
        return ""
    more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
    return f"; it can also {', '.join(titles[:_NAMED])}{more}"
