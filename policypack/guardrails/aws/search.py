"""The search for a request that some statements match and others do not.

Each free part of a request (action, resource, every condition key) has finitely many classes that the statements can
tell apart; one value stands for each. Going through the classes either finds a request or proves that there is none.
What cannot be read, what hangs on a relation between keys that cannot be followed and what lies past the budget makes
the answer undecided. A witness is replayed by `decide` before it counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from .answers import Answer, Doubt, Found, No, Survey, Undecided
from .attempts import Attempts, Sample, Setting, columns_of
from .authority import Clause, Placed
from .document import Condition, Kind, Statement, readable
from .evaluate import action_truth, principal_truth, resource_match
from .goals import Goal, Question, Requests
from .networks import Networks
from .resources import may_meet, nothing, patterns_of
from .state import Budget, ExhaustedError, SearchState
from .truth import Truth
from .universe import SameFormats, Spoken, Universe, numbers
from .variables import choices

TOO_MANY_CALLERS: Final = "too many principals are named to ask for each of them"
_TANGLED: Final = "the action patterns are too tangled to compare"
_EXHAUSTED: Final = "the statements have too many combinations to try them all"
# Looking through the actions of all services.
_SCAN: Final = 1_500
# Bits of a long mask, or pairs of statements, that are looked at per step.
_FAST: Final = 16


def find(question: Question, requests: Requests, note: str = "", budget: Budget | None = None) -> Answer:
    """One request of the set that the question asks for."""
    search = _Search(question, requests, note, budget or Budget())
    found = next(search.all(), None)
    if found is not None:
        return found.answer
    return search.doubts[0].reason if search.doubts else No()


def survey(question: Question, requests: Requests, budget: Budget | None = None, *, whole: bool = True) -> Survey:
    """A request of the set for each class of actions that has one, granting statement by granting statement.

    Not `whole`: one request for each granting statement that has one.
    """
    search = _Search(question, requests, "", budget or Budget(), every=whole, one_each=not whole)
    return Survey(tuple(search.all()), tuple(search.doubts))


@dataclass
class _Search:
    question: Question
    requests: Requests
    note: str
    budget: Budget
    # Whether everything is asked for, and not the first thing.
    every: bool = False
    # Whether one request is enough of each granting statement.
    one_each: bool = False
    goals: Sequence[Goal] = ()
    state: SearchState = field(init=False)
    setting: Setting = field(init=False)
    hinted: int = 0
    doubts: list[Doubt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = SearchState(self.requests.domains, self.budget)

    def all(self) -> Iterator[Found]:
        """What is found, in the order of the granting statements."""
        try:
            self.prepare()
        except ExhaustedError:
            for each in self.question.grants():
                self.doubts.append(
                    Doubt(each.document, each.statement.path, Undecided(_EXHAUSTED, each.statement.path))
                )
            return
        remaining = sum(len(goal.required[0]) for goal in self.goals)
        for goal in self.goals:
            for grant in goal.required[0]:
                self.state.left, self.state.doubt = self.budget.share(remaining), None
                remaining -= 1
                if not self.universe.complete:
                    self.state.doubtful(_TANGLED, grant.statement.path)
                any_found = False
                try:
                    for found in self.of_grant(grant, goal):
                        any_found = True
                        yield found
                        if self.one_each:
                            break
                except ExhaustedError:
                    self.state.doubtful(_EXHAUSTED, grant.statement.path)
                if self.state.doubt is not None and not (any_found and self.one_each):
                    self.doubts.append(Doubt(grant.document, grant.statement.path, self.state.doubt))

    def of_grant(self, grant: Placed, goal: Goal) -> Iterator[Found]:
        """What is found of one granting statement."""
        for required, mask in self.combinations(((grant,), *goal.required[1:])):
            yield from self.through(required, mask, goal.forbidden)

    def prepare(self) -> None:
        """Leave out what cannot matter, and number the actions that the rest can tell apart."""
        goals = []
        for goal in self.question.goals():
            self.state.spend_shared(1 + self.question.size // 4)
            required = tuple(tuple(each for each in clause if self.may_speak(each)) for clause in goal.required)
            if all(required):
                goals.append(Goal(required, tuple(each for each in goal.forbidden if self.may_speak(each))))
        self.goals = goals
        if goals:
            self.number()

    def number(self) -> None:
        """Number the actions that the statements can tell apart."""
        requests = self.requests
        if requests.actions is not None:
            self.set_on(Universe.fixed(requests.actions))
            return
        wording = self.question.wording
        self.state.spend_shared(len(wording.actions) // _FAST + wording.scans * _SCAN + wording.tangled**2 // 2)
        self.set_on(Universe.of(wording, requests.hints))
        for hint in requests.hints:
            self.hinted |= self.universe.mask(hint)

    def set_on(self, universe: Universe) -> None:
        """Search among the actions of a universe."""
        networks = Networks(self.question, self.requests.narrow, self.state)
        self.setting = Setting(self.question, self.requests, self.state, universe, networks, self.note)

    @property
    def universe(self) -> Universe:
        """The actions that the search tells apart."""
        return self.setting.universe

    def spoken_of(self, placed: Placed) -> Spoken:
        """The actions that a statement speaks of."""
        return self.setting.spoken(placed)

    def may_speak(self, placed: Placed) -> bool:
        """Whether a statement, conditions left aside, may speak of a request of the set."""
        requests, statement, kind = self.requests, placed.statement, placed.kind
        if principal_truth(statement, kind, requests.principal, placed.naming) is Truth.NO:
            return False
        if requests.actions is not None and all(
            action_truth(statement, kind, requests.principal, action) is Truth.NO for action in requests.actions
        ):
            return False
        return requests.resources is None or any(may_meet(statement, kind, resource) for resource in requests.resources)

    def combinations(self, clauses: Sequence[Clause], mask: int = -1) -> Iterator[tuple[tuple[Placed, ...], int]]:
        """One statement of each clause, with the actions that they all may speak of."""
        if not clauses:
            yield (), mask
            return
        for each in clauses[0]:
            self.state.spend()
            common = mask & self.spoken_of(each).may
            if common:
                for rest, found in self.combinations(clauses[1:], common):
                    yield (each, *rest), found

    def through(self, required: tuple[Placed, ...], mask: int, forbidden: Sequence[Placed]) -> Iterator[Found]:
        """Requests that all the required statements match and no forbidden one does."""
        self.state.spend(1 + len(forbidden) // _FAST)
        meeting: list[tuple[Placed, Spoken]] = []
        for each in forbidden:
            spoken = self.spoken_of(each)
            if not spoken.may & mask:
                continue
            self.state.spend(2 * len(required))
            if any(_apart(each, other) for other in required):
                continue
            if spoken.sure & mask and self.always(each, required):
                mask &= ~spoken.sure
                if not spoken.may & mask:
                    continue
            meeting.append((each, spoken))
        splits = [spoken for _, spoken in meeting] + [self.spoken_of(each) for each in required]
        for actions in self.classes(mask, splits):
            near = tuple(each for each, spoken in meeting if spoken.may & actions)
            yield from self.on_actions(required, near, actions)

    def always(self, placed: Placed, required: Sequence[Placed]) -> bool:
        """Whether a statement matches whatever the required ones match, actions left aside."""
        statement, kind = placed.statement, placed.kind
        if placed.statement.effect is None or (
            principal_truth(statement, kind, self.requests.principal, placed.naming) is not Truth.YES
        ):
            return False
        if any(not _implied(condition, statement, required) for condition in statement.conditions):
            return False
        if kind is Kind.IDENTITY and statement.resources is None and statement.not_resources is None:
            return False
        if kind is Kind.TRUST or self.requests.resources is not None:
            return kind is Kind.TRUST or all(
                resource_match(statement, kind, resource, nothing) is Truth.YES
                for resource in self.requests.resources or ()
            )
        return patterns_of(statement).cover_one_of(patterns_of(each.statement) for each in required)

    def classes(self, mask: int, splits: Sequence[Spoken]) -> list[int]:
        """The actions cut into classes that the statements do not tell apart, the most readable first."""
        found = [mask] if mask else []
        for spoken in splits:
            for cut in {spoken.sure, spoken.may}:
                self.state.spend(len(found) // _FAST)
                halves = [(each & cut, each & ~cut) for each in found]
                found = [half for pair in halves for half in pair if half]
        elsewhere = 0
        for number in self.universe.unlisted.values():
            elsewhere |= 1 << number
        return sorted(found, key=lambda each: (not each & self.hinted, not each & ~elsewhere))

    def on_actions(self, required: tuple[Placed, ...], forbidden: tuple[Placed, ...], actions: int) -> Iterator[Found]:
        """Requests for these actions, which the statements do not tell apart: one for each kind of resource."""
        statements = [each.statement for each in (*required, *forbidden)]
        literal = self.spoken_of(required[0]).spelled
        untried = self.cut(actions, literal)
        before, self.state.doubt = self.state.doubt, None
        for known in choices(self.state, statements, self.requests.resources or ()):
            self.state.known, self.state.hung, doubt = known, False, self.state.doubt
            columns = columns_of(self.state, required, forbidden)
            if columns is not None:
                hung, self.state.hung = self.state.hung, False
                of_columns, self.state.doubt = self.state.doubt, doubt
                attempts = Attempts(self.setting, required, forbidden, columns)
                remaining = []
                for each in untried:
                    found = attempts.on(self.sample(each, literal))
                    if found is None:
                        remaining.append(each)
                    else:
                        yield Found(found, self.universe.names_of(each))
                untried = remaining
                # Where no resource will do, it does not matter what the conditions are.
                if attempts.reached or self.state.hung:
                    self.state.hung = self.state.hung or hung
                    self.state.doubt = self.state.doubt or of_columns
            if not untried or not self.state.hung:
                break
        # What was doubtful does not matter where a request was found all the same.
        self.state.doubt = before or (self.state.doubt if untried else None)

    def cut(self, actions: int, literal: int) -> list[SameFormats]:
        """The actions by the formats of their resources, those first of which some are hinted or spelled out."""

        def place(each: SameFormats) -> tuple[bool, bool, bool]:
            hinted, written = self.hinted >> each.first & each.mask, literal >> each.first & each.mask
            return not hinted, not written, each.formats is None

        if self.requests.resources is not None:
            return [SameFormats(number, 1, None) for number in numbers(actions)]
        return sorted(self.universe.by_formats(actions), key=place)

    def sample(self, each: SameFormats, literal: int) -> Sample:
        """The action to show for those that work on the same formats."""
        hinted, written = self.hinted >> each.first & each.mask, literal >> each.first & each.mask
        among = each.mask if self.every else hinted or written or each.mask
        number = min((each.first + bit for bit in numbers(among)), key=self.in_order)
        return Sample(self.universe.names[number], 1 << number, each)

    def in_order(self, number: int) -> tuple[int, int, int, str]:
        """The place of an action among those it stands for: in a survey the most dangerous first, else the shortest."""
        name = self.universe.names[number]
        danger = self.universe.ranks[number] if self.every else 0
        return -danger, not self.hinted >> number & 1, len(name), name


def _implied(condition: Condition, statement: Statement, required: Sequence[Placed]) -> bool:
    """Whether a required statement has the same entry, read in the same way."""
    if None in condition.values or (
        statement.variables is None and any("${" in text for text in readable(condition.values))
    ):
        return False
    return any(
        other.operator == condition.operator
        and other.key.lower() == condition.key.lower()
        and set(other.values) == set(condition.values)
        and each.statement.variables == statement.variables
        for each in required
        for other in each.statement.conditions
    )


def _apart(a: Placed, b: Placed) -> bool:
    """Whether two statements speak of no common resource for certain."""
    return Kind.TRUST not in (a.kind, b.kind) and patterns_of(a.statement).apart(patterns_of(b.statement))
