"""Requests for which some statements are required and others forbidden, tried one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from .actions import spelled
from .answers import Witness, Yes
from .authority import Placed
from .columns import Candidate, Column, column_of, entries_of
from .document import Effect
from .evaluate import MAYBE_ALLOWED, MAYBE_DENIED, Request, Verdict, principal_truth, resource_match
from .goals import Question, Requests
from .networks import Networks
from .resources import Resources
from .state import SearchState
from .truth import Truth
from .universe import SameFormats, Spoken, Universe

_RELATION: Final = "it hangs on a relation between several keys"
# Statements that are looked at, and characters times tokens of long patterns, per step.
_FAST: Final = 16
_LONG: Final = 65_536

Context = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Sample:
    """An action, its bit in the universe, and the actions that it stands for."""

    name: str
    bit: int
    actions: SameFormats


@dataclass(frozen=True)
class _Step:
    """How far the choice of values has come: what is known of the statements, and the values to try next."""

    reached: Truth
    met: tuple[Truth, ...]
    untried: Iterator[Candidate]


@dataclass
class Setting:
    """What all attempts of a search share."""

    question: Question
    requests: Requests
    state: SearchState
    universe: Universe
    networks: Networks
    note: str
    # By the identity of the statements, which the question keeps alive.
    _spoken: dict[int, Spoken] = field(default_factory=dict)

    def spoken(self, placed: Placed) -> Spoken:
        """The actions that a statement speaks of."""
        known = self._spoken.get(id(placed))
        if known is None:
            known = self._spoken[id(placed)] = self.universe.spoken(placed, self.requests.principal)
        return known


def columns_of(state: SearchState, required: Sequence[Placed], forbidden: Sequence[Placed]) -> list[Column] | None:
    """The values of every key that conditions test; `None` where one has none that the required statements take."""
    statements = [each.statement for each in required], [each.statement for each in forbidden]
    names: dict[str, str] = {}
    for statement in chain(*statements):
        for condition in statement.conditions:
            names.setdefault(condition.key.lower(), condition.key)
    columns: list[Column] = []
    by_key = [entries_of(statement) for statement in chain(*statements)]
    for key, name in names.items():
        found = column_of(state, key, *statements, by_key)
        if not found:
            return None
        columns.append((name, found))
    columns.sort(key=lambda column: len(column[1]))
    return columns


@dataclass
class Attempts:
    """Attempts on the same statements, for values of the variables that the search has set.

    The conditions do not depend on action and resource, so what failed once fails again: `failed` holds what was known
    of the required and of the forbidden statements then. `reached` tells whether any resource came to the conditions.
    """

    setting: Setting
    required: tuple[Placed, ...]
    forbidden: tuple[Placed, ...]
    columns: list[Column]
    reached: bool = False
    resources: Resources = field(init=False)
    failed: set[tuple[Truth, tuple[Truth, ...]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        setting = self.setting
        self.resources = Resources(setting.state, self.required, self.forbidden, setting.requests.account)

    def on(self, sample: Sample) -> Yes | None:
        """A request for an action, on whatever resource."""
        setting = self.setting
        setting.state.spend()
        if setting.requests.resources is not None:
            texts: Iterable[str] = setting.requests.resources
        else:
            formats = sample.actions.formats if setting.requests.formats is None else setting.requests.formats
            texts = self.resources.texts(formats, elsewhere=setting.universe.is_nobodys(sample.name))
        for resource in texts:
            found = self.on_resource(sample, resource)
            if found is not None:
                return found
        for each in (*self.required, *self.forbidden):
            setting.state.hangs(each.statement, resource_only=True)
        return None

    def on_resource(self, sample: Sample, resource: str) -> Yes | None:
        """A request with this action on this resource."""
        state = self.setting.state
        state.spend(1 + len(self.forbidden) // 2 + len(resource) ** 2 // _LONG)
        reached = Truth.YES
        for each in self.required:
            reached = min(reached, self.speaks(each, sample, resource))
            if reached is Truth.NO:
                state.hangs(each.statement, resource_only=True)
                return None
        self.reached = True
        met = tuple([self.speaks(each, sample, resource) for each in self.forbidden])
        for index, (each, truth) in enumerate(zip(self.forbidden, met, strict=True)):
            # One that holds whatever values are chosen ends the attempt before any are.
            least = min((one.forbidden[index] for _, column in self.columns for one in column), default=Truth.YES)
            if min(truth, least) is Truth.YES:
                state.hangs(each.statement)
                return None
        if (reached, met) in self.failed:
            return None
        names = {name.lower() for name, _ in self.columns}
        context: Context = {
            spelled(key): value for key, value in state.known.items() if value is not None and key not in names
        }
        found = self.assign(Request(self.setting.requests.principal, sample.name, resource, context), reached, met)
        if found is None:
            self.failed.add((reached, met))
        return found

    def speaks(self, placed: Placed, sample: Sample, resource: str) -> Truth:
        """Whether a statement speaks of an action on a resource, conditions left aside."""
        statement, kind, caller = placed.statement, placed.kind, self.setting.requests.principal
        spoken = self.setting.spoken(placed)
        of_action = Truth.YES if spoken.sure & sample.bit else Truth.MAYBE if spoken.may & sample.bit else Truth.NO
        if of_action is Truth.NO:
            return of_action
        return min(
            of_action,
            resource_match(statement, kind, resource, self.setting.state.lookup),
            principal_truth(statement, kind, caller, placed.naming),
            Truth.MAYBE if statement.effect is None else Truth.YES,
        )

    def assign(self, request: Request, reached: Truth, met: tuple[Truth, ...]) -> Yes | None:
        """Choose values key by key until the required statements stand and no forbidden one does."""
        columns, context = self.columns, dict(request.context)
        narrow = [depth for depth, (name, _) in enumerate(columns) if name.lower() in self.setting.requests.narrow]
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
                tried = Request(request.principal, request.action, request.resource, dict(context))
                found = self.replayed(tried, step.reached, step.met)
                if found is not None:
                    return found
                candidate = None
            if candidate is None:
                steps.pop()
                continue
            self.setting.state.spend(1 + len(met) // _FAST)
            if candidate.value is not None:
                context[columns[depth][0]] = candidate.value
            now = tuple(map(min, step.met, candidate.forbidden))
            steps.append(_Step(min(step.reached, candidate.required), now, in_order(depth + 1, now)))
        return None

    def replayed(self, request: Request, reached: Truth, met: tuple[Truth, ...]) -> Yes | None:
        """A request with every value chosen, if it does what it must."""
        setting, state = self.setting, self.setting.state
        for each, truth in zip(self.forbidden, met, strict=True):
            if truth is Truth.YES:
                state.hangs(each.statement)
                return None
        doubtful = next((each for each, truth in zip(self.forbidden, met, strict=True) if truth is Truth.MAYBE), None)
        if doubtful is not None:
            reason = MAYBE_DENIED if doubtful.statement.effect is Effect.DENY else MAYBE_ALLOWED
            state.doubtful(reason, doubtful.statement.unread)
            return None
        grant = self.required[0]
        path = grant.statement.path
        if reached is not Truth.YES:
            state.doubtful(MAYBE_ALLOWED, grant.statement.unread)
            return None
        state.spend(1 + setting.question.size // _FAST)
        if setting.question.verdict(request) is not Verdict.ALLOWED:
            state.doubtful(_RELATION, path)
            return None
        return (
            Yes(Witness(request, setting.note), path, grant.document) if setting.networks.wide(request, path) else None
        )
