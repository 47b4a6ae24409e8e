"""The search for a request that some statements match and others do not.

Each free part of a request (action, resource, every condition key) has finitely many classes that the statements can
tell apart; one value stands for each. Going through the classes either finds a request or proves that there is none.
What cannot be read, what hangs on a relation between keys that cannot be followed and what lies past the budget makes
the answer undecided. A witness is replayed by `evaluate` before it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from . import network
from .actions import spelled
from .answers import Answer, No, Undecided, Witness, Yes
from .authority import Authority, Clause, Placed, Wording
from .columns import Candidate, Column, column_of
from .document import Condition, Effect, Kind, Statement, readable
from .domains import Domains
from .evaluate import (
    MAYBE_ALLOWED,
    MAYBE_DENIED,
    Principal,
    Request,
    Verdict,
    action_truth,
    decide,
    principal_truth,
    resource_match,
)
from .glob import has_wildcard
from .resources import Resources, nothing, patterns_of
from .state import Budget, ExhaustedError, SearchState
from .truth import Truth
from .universe import SameFormats, Spoken, Universe, numbers
from .variables import choices

# Actions that a reader knows, to be shown before others where they are allowed.
_READABLE: Final = (
    "s3:GetObject", "s3:ListBucket", "s3:PutObject", "sqs:SendMessage", "sns:Publish", "lambda:InvokeFunction",
    "kms:Decrypt", "secretsmanager:GetSecretValue", "ecr:BatchGetImage", "sts:AssumeRole", "iam:PutRolePolicy",
)  # fmt: skip
_EXHAUSTED: Final = "the statements have too many combinations to try them all"
# Characters times tokens of long patterns per step.
_LONG: Final = 65_536
# Looking through the actions of all services.
_SCAN: Final = 1_500
# Bits of a long mask, or pairs of statements, that are looked at per step.
_FAST: Final = 16


@dataclass(frozen=True)
class Requests:
    """A set of requests: one caller, some actions and resources (`None`: any), and what each key may hold.

    `narrow` are the keys (lower case) whose allowed addresses must be more than a /8 (IPv4) or a /32 (IPv6) for the
    request to count; `hints` are readable actions to be tried first. Invented resources lie in `account`.
    """

    principal: Principal
    domains: Domains
    actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    narrow: frozenset[str] = frozenset()
    hints: tuple[str, ...] = _READABLE
    account: str = "555566667777"


@dataclass(frozen=True)
class Goal:
    """What a request must do: match one statement of each clause of `required`, and none of `forbidden`."""

    required: tuple[Clause, ...]
    forbidden: tuple[Placed, ...]


@dataclass(frozen=True)
class _Attempt:
    """Required statements, the forbidden ones that meet them, and the action and resource they meet on."""

    required: tuple[Placed, ...]
    forbidden: tuple[Placed, ...]
    kind: _Kind
    resource: str


@dataclass(frozen=True)
class _Kind:
    """Actions that work on the same formats of resources (`None`: not known), and one of them to show, with its bit."""

    name: str
    bit: int
    actions: SameFormats


@dataclass
class _Attempts:
    """What the attempts on the same statements share.

    The conditions do not depend on action and resource, so what failed once fails again: `failed` holds what was known
    of the required and of the forbidden statements then. `reached` tells whether any resource came to the conditions.
    """

    columns: list[Column]
    resources: Resources
    reached: bool = False
    failed: set[tuple[Truth, tuple[Truth, ...]]] = field(default_factory=set)


@dataclass(frozen=True)
class _Step:
    """How far the choice of values has come: what is known of the statements, and the values to try next."""

    reached: Truth
    met: tuple[Truth, ...]
    untried: Iterator[Candidate]


@dataclass(frozen=True)
class Found:
    """An allowed request, and the actions for which there is one like it."""

    answer: Yes
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Doubt:
    """Why it cannot be told whether a statement (its document and path) grants more than was found."""

    document: int
    statement: str
    reason: Undecided


@dataclass(frozen=True)
class Survey:
    """All that was found, one request for each class of actions, and the first doubt left for each statement."""

    found: tuple[Found, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Question:
    """Which requests `allowed` allows, through a granting statement that `only` admits, and `refused` does not."""

    allowed: Authority
    refused: Authority | None = None
    only: Callable[[Statement], bool] = lambda _statement: True

    def goals(self) -> list[Goal]:
        """What a request must do, in one way or another."""
        return [
            Goal(
                (tuple(each for each in grants if self.only(each.statement)), *ceilings, *refusal.required),
                (*self.allowed.denies, *refusal.forbidden),
            )
            for grants, *ceilings in self.allowed.paths
            for refusal in (_refusals(self.refused) if self.refused is not None else [Goal((), ())])
        ]

    @property
    def size(self) -> int:
        """How much there is to look through."""
        return self.allowed.size + (self.refused.size if self.refused is not None else 0)

    @property
    def wording(self) -> Wording:
        """The texts of both sides."""
        return self.allowed.wording if self.refused is None else self.allowed.wording.joined(self.refused.wording)

    def verdict(self, request: Request) -> Verdict:
        """Whether one request does it: ALLOWED if so."""
        ours = decide(self.allowed, request).verdict
        if ours is not Verdict.ALLOWED or self.refused is None:
            return ours
        theirs = decide(self.refused, request).verdict
        if theirs is Verdict.UNDECIDED:
            return theirs
        return Verdict.EXPLICITLY_DENIED if theirs is Verdict.ALLOWED else Verdict.ALLOWED


def find(question: Question, requests: Requests, note: str = "", budget: Budget | None = None) -> Answer:
    """One request of the set that the question asks for."""
    search = _Search(question, requests, note, budget or Budget())
    found = next(search.all(), None)
    if found is not None:
        return found.answer
    return search.doubts[0].reason if search.doubts else No()


def survey(question: Question, requests: Requests, budget: Budget | None = None) -> Survey:
    """A request of the set for each class of actions that has one, granting statement by granting statement."""
    search = _Search(question, requests, "", budget or Budget(), every=True)
    return Survey(tuple(search.all()), tuple(search.doubts))


def _refusals(authority: Authority) -> Iterator[Goal]:
    """The ways in which a request is not allowed: on each path no statement of some clause matches, or a Deny does."""
    blocked: list[tuple[Placed, ...]] = [()]
    for path in authority.paths:
        blocked = [(*before, *clause) for before in blocked for clause in path]
    for statements in blocked:
        yield Goal((), statements)
    if authority.denies:
        yield Goal((authority.denies,), ())


@dataclass
class _Search:
    question: Question
    requests: Requests
    note: str
    budget: Budget
    # Whether everything is asked for, and not the first thing.
    every: bool = False
    goals: Sequence[Goal] = ()
    state: SearchState = field(init=False)
    universe: Universe = field(init=False)
    hinted: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    # The requests, but for the address, that were found to be allowed from a fixed network only.
    narrow: set[tuple[str, str, str, frozenset[tuple[str, object]]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.state = SearchState(self.requests.domains, self.budget)

    def all(self) -> Iterator[Found]:
        """What is found, in the order of the granting statements."""
        try:
            self.prepare()
        except ExhaustedError:
            for each in chain.from_iterable(goal.required[0] for goal in self.question.goals()):
                self.doubts.append(
                    Doubt(each.document, each.statement.path, Undecided(_EXHAUSTED, each.statement.path))
                )
            return
        for goal in self.goals:
            for index, grant in enumerate(goal.required[0]):
                self.state.left, self.state.doubt = self.budget.share(len(goal.required[0]) - index), None
                try:
                    for required, mask in self.combinations(((grant,), *goal.required[1:])):
                        yield from self.through(required, mask, goal.forbidden)
                except ExhaustedError:
                    self.state.doubtful(_EXHAUSTED, grant.statement.path)
                if self.state.doubt is not None:
                    self.doubts.append(Doubt(grant.document, grant.statement.path, self.state.doubt))

    def prepare(self) -> None:
        """Leave out what cannot matter, and number the actions that the rest can tell apart."""
        goals = []
        for goal in self.question.goals():
            self.state.spend_shared((sum(map(len, goal.required)) + len(goal.forbidden)) // _FAST)
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
            self.universe = Universe.fixed(requests.actions)
            return
        wording = self.question.wording
        scans = sum(1 for pattern in wording.actions if has_wildcard(pattern.partition(":")[0]))
        self.state.spend_shared(len(wording.actions) // _FAST + scans * _SCAN)
        self.universe = Universe.of(wording, requests.hints)
        for hint in requests.hints:
            self.hinted |= self.universe.mask(hint)

    def spoken_of(self, placed: Placed) -> Spoken:
        """The actions that a statement speaks of."""
        return self.universe.spoken(placed, self.requests.principal)

    def may_speak(self, placed: Placed) -> bool:
        """Whether a statement, conditions left aside, may speak of a request of the set."""
        requests, statement, kind = self.requests, placed.statement, placed.kind
        if principal_truth(statement, kind, requests.principal, placed.naming) is Truth.NO:
            return False
        if requests.actions is not None and all(
            action_truth(statement, kind, requests.principal, action) is Truth.NO for action in requests.actions
        ):
            return False
        if requests.resources is None or (
            statement.variables and any("${" in text for text in readable(statement.resources, statement.not_resources))
        ):
            return True
        return any(
            resource_match(statement, kind, resource, nothing) is not Truth.NO for resource in requests.resources
        )

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
        kinds = self.kinds(required, actions)
        before, self.state.doubt = self.state.doubt, None
        for known in choices(self.state, statements):
            self.state.known, self.state.hung, doubt = known, False, self.state.doubt
            columns = self.columns(required, forbidden)
            if columns is not None:
                hung, self.state.hung = self.state.hung, False
                attempts = _Attempts(columns, Resources(self.state, required, forbidden, self.requests.account))
                remaining = []
                for kind in kinds:
                    found = self.of_kind(required, forbidden, kind, attempts)
                    if found is None:
                        remaining.append(kind)
                    else:
                        yield Found(found, self.universe.names_of(kind.actions))
                kinds = remaining
                if attempts.reached:
                    self.state.hung = self.state.hung or hung
                elif not self.state.hung:
                    # No resource will do, so it does not matter what the conditions are.
                    self.state.doubt = doubt
            if not kinds or not self.state.hung:
                break
        # What was doubtful does not matter where a request was found all the same.
        self.state.doubt = before or (self.state.doubt if kinds else None)

    def of_kind(
        self, required: tuple[Placed, ...], forbidden: tuple[Placed, ...], kind: _Kind, attempts: _Attempts
    ) -> Yes | None:
        """A request for one action of a kind."""
        self.state.spend()
        if self.requests.resources is not None:
            texts: Iterable[str] = self.requests.resources
        else:
            texts = attempts.resources.texts(kind.actions.formats, elsewhere=self.universe.is_nobodys(kind.name))
        for resource in texts:
            found = self.on(_Attempt(required, forbidden, kind, resource), attempts)
            if found is not None:
                return found
        for each in (*required, *forbidden):
            self.state.hangs(each.statement, resource_only=True)
        return None

    def kinds(self, required: Sequence[Placed], actions: int) -> list[_Kind]:
        """The actions by the formats that they work on, the most readable first."""
        universe = self.universe
        if self.requests.resources is not None:
            return [_Kind(universe.names[each], 1 << each, SameFormats(each, 1, None)) for each in numbers(actions)]
        literal = self.spoken_of(required[0]).spelled
        found: list[tuple[tuple[bool, ...], _Kind]] = []
        for each in universe.by_formats(actions):
            first, mask = each.first, each.mask
            hinted, written = self.hinted >> first & mask, literal >> first & mask
            among = mask if self.every else hinted or written or mask
            number = min((first + bit for bit in numbers(among)), key=self.in_order)
            kind = _Kind(universe.names[number], 1 << number, each)
            found.append(((not hinted, not written, each.formats is None), kind))
        found.sort(key=lambda each: each[0])
        return [kind for _, kind in found]

    def in_order(self, number: int) -> tuple[int, int, int, str]:
        """The place of an action among those it stands for: in a survey the most dangerous first, else the shortest."""
        name = self.universe.names[number]
        danger = self.universe.ranks[number] if self.every else 0
        return -danger, not self.hinted >> number & 1, len(name), name

    def columns(self, required: Sequence[Placed], forbidden: Sequence[Placed]) -> list[Column] | None:
        """The values of every key that conditions test; `None` where one has none that the required ones take."""
        statements = [each.statement for each in required], [each.statement for each in forbidden]
        names: dict[str, str] = {}
        for statement in chain(*statements):
            for condition in statement.conditions:
                names.setdefault(condition.key.lower(), condition.key)
        columns: list[Column] = []
        for key, name in names.items():
            found = column_of(self.state, key, *statements)
            if not found:
                return None
            columns.append((name, found))
        columns.sort(key=lambda column: len(column[1]))
        return columns

    def on(self, attempt: _Attempt, attempts: _Attempts) -> Yes | None:
        """A request with this action on this resource."""
        self.state.spend(1 + len(attempt.forbidden) // 2 + len(attempt.resource) ** 2 // _LONG)
        reached = Truth.YES
        for each in attempt.required:
            reached = min(reached, self.reach(each, attempt))
            if reached is Truth.NO:
                self.state.hangs(each.statement, resource_only=True)
                return None
        attempts.reached = True
        met = tuple([self.reach(each, attempt) for each in attempt.forbidden])
        for index, (each, truth) in enumerate(zip(attempt.forbidden, met, strict=True)):
            # One that holds whatever values are chosen ends the attempt before any are.
            least = min((one.forbidden[index] for _, column in attempts.columns for one in column), default=Truth.YES)
            if min(truth, least) is Truth.YES:
                self.state.hangs(each.statement)
                return None
        if (reached, met) in attempts.failed:
            return None
        columns = attempts.columns
        names = {name.lower() for name, _ in columns}
        context: dict[str, str | tuple[str, ...]] = {
            spelled(key): value for key, value in self.state.known.items() if value is not None and key not in names
        }
        found = self.assign(attempt, columns, context, reached, met)
        if found is None:
            attempts.failed.add((reached, met))
        return found

    def reach(self, placed: Placed, attempt: _Attempt) -> Truth:
        """Whether a statement speaks of the request, conditions left aside."""
        statement, kind, caller = placed.statement, placed.kind, self.requests.principal
        return min(
            resource_match(statement, kind, attempt.resource, self.state.lookup),
            principal_truth(statement, kind, caller, placed.naming),
            self.speaks(placed, attempt.kind),
            Truth.MAYBE if statement.effect is None else Truth.YES,
        )

    def speaks(self, placed: Placed, kind: _Kind) -> Truth:
        """Whether a statement speaks of the action of a kind."""
        spoken = self.spoken_of(placed)
        if spoken.sure & kind.bit:
            return Truth.YES
        return Truth.MAYBE if spoken.may & kind.bit else Truth.NO

    def assign(
        self,
        attempt: _Attempt,
        columns: list[Column],
        context: dict[str, str | tuple[str, ...]],
        reached: Truth,
        met: tuple[Truth, ...],
    ) -> Yes | None:
        """Choose values key by key until the required statements stand and no forbidden one does."""
        narrow = [depth for depth, (name, _) in enumerate(columns) if name.lower() in self.requests.narrow]
        # Without a forbidden one a single value of each key is enough, but for addresses to come, which are counted.
        last_counted = max(narrow, default=-1)

        def in_order(depth: int, met: tuple[Truth, ...]) -> Iterator[Candidate]:
            """The values of one column that are worth trying, the most promising first."""
            if depth == len(columns):
                return iter(())
            order = sorted(columns[depth][1], key=lambda each: (-each.required, sum(map(min, met, each.forbidden))))
            return iter(order if any(met) or depth <= last_counted else order[:1])

        steps = [_Step(reached, met, in_order(0, met))]
        while steps:
            step = steps[-1]
            depth = len(steps) - 1
            if depth < len(columns):
                context.pop(columns[depth][0], None)
                candidate = next(step.untried, None)
            else:
                found = self.leaf(attempt, context, step.reached, step.met)
                if found is not None:
                    return found
                candidate = None
            if candidate is None:
                steps.pop()
                continue
            self.state.spend(1 + len(met) // _FAST)
            if candidate.value is not None:
                context[columns[depth][0]] = candidate.value
            now = tuple(map(min, step.met, candidate.forbidden))
            steps.append(_Step(min(step.reached, candidate.required), now, in_order(depth + 1, now)))
        return None

    def leaf(
        self,
        attempt: _Attempt,
        context: dict[str, str | tuple[str, ...]],
        reached: Truth,
        met: tuple[Truth, ...],
    ) -> Yes | None:
        """The request with every value chosen, if it does what it must."""
        for each, truth in zip(attempt.forbidden, met, strict=True):
            if truth is Truth.YES:
                self.state.hangs(each.statement)
                return None
        doubtful = next(
            (each for each, truth in zip(attempt.forbidden, met, strict=True) if truth is Truth.MAYBE), None
        )
        if doubtful is not None:
            reason = MAYBE_DENIED if doubtful.statement.effect is Effect.DENY else MAYBE_ALLOWED
            self.state.doubtful(reason, doubtful.statement.unread)
            return None
        grant = attempt.required[0]
        if reached is not Truth.YES:
            self.state.doubtful(MAYBE_ALLOWED, grant.statement.unread)
            return None
        request = Request(self.requests.principal, attempt.kind.name, attempt.resource, dict(context))
        self.state.spend(1 + self.question.size // _FAST)
        if self.question.verdict(request) is not Verdict.ALLOWED:
            self.state.doubtful("it hangs on a relation between several keys", grant.statement.path)
            return None
        return Yes(Witness(request, self.note), grant.statement.path, grant.document) if self.wide(request) else None

    def wide(self, request: Request) -> bool:
        """Whether the addresses that are allowed are too many to be a fixed network."""
        for key, value in request.context.items():
            if key.lower() not in self.requests.narrow or not isinstance(value, str):
                continue
            if network.block(value) is None:
                continue
            blocks = [
                found
                for goal in self.goals
                for clause in (*goal.required, goal.forbidden)
                for each in clause
                for condition in each.statement.conditions
                if condition.key.lower() == key.lower()
                for text in condition.values
                if text is not None and (found := network.block(text)) is not None
            ]
            if not self.wide_union(request, key, blocks):
                return False
        return True

    def wide_union(self, request: Request, key: str, blocks: list[network.Block]) -> bool:
        others = frozenset((name, value) for name, value in request.context.items() if name != key)
        like = (request.action, request.resource, key, others)
        if like in self.narrow:
            return False
        allowed = dict.fromkeys(network.BITS, 0)
        doubtful = dict.fromkeys(network.BITS, 0)
        atoms = network.atoms(blocks)
        for atom in atoms:
            if network.is_private(atom):
                continue
            # It speaks for all statements, so it is not paid by the one that came upon it.
            self.state.spend_shared(1 + len(blocks) // 16)
            address = network.example(atom)
            tried = Request(request.principal, request.action, request.resource, {**request.context, key: address})
            verdict = self.question.verdict(tried)
            size = atom.high - atom.low + 1
            allowed[atom.version] += size * (verdict is Verdict.ALLOWED)
            doubtful[atom.version] += size * (verdict is Verdict.UNDECIDED)
            if allowed[atom.version] > network.LARGEST_FIXED[atom.version]:
                return True
        self.narrow.add(like)
        if any(allowed[version] + doubtful[version] > network.LARGEST_FIXED[version] for version in network.BITS):
            self.state.doubtful("some of the address ranges cannot be read", key)
        return False


def _implied(condition: Condition, statement: Statement, required: Sequence[Placed]) -> bool:
    """Whether a required statement has the same entry, read in the same way."""
    return None not in condition.values and any(
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
