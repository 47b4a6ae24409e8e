"""The search for an allowed request of one kind of caller.

Each free part of a request (action, resource, every condition key) has finitely many classes that the statements can
tell apart; one value stands for each. Going through the classes of every Allow statement, and of the Deny statements
that meet it, either finds an allowed request or proves that there is none. What cannot be read, what hangs on a
relation between two keys and what lies past the budget makes the answer undecided. A witness is replayed by
`evaluate` before it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..values import has_stand_in
from . import network
from .answers import Answer, No, Witness, Yes
from .columns import Candidate, Column, column_of
from .conditions import NoValueError, Value
from .document import Document, Effect, Kind, Statement, is_action
from .domains import Domains, Presence
from .evaluate import (
    MAYBE_ALLOWED,
    MAYBE_DENIED,
    Principal,
    Request,
    Verdict,
    action_truth,
    evaluate,
    principal_truth,
    resource_globs,
    resource_match,
)
from .glob import Glob, compiled
from .regions import representatives
from .state import ExhaustedError, SearchState, readable, variable_keys
from .truth import Truth

STEPS: Final = 40_000
_LEAST_STEPS: Final = 300
_ARN: Final = compiled("arn:*")
_ACTION: Final = compiled("?*:?*")


@dataclass(frozen=True)
class Requests:
    """A set of requests: one caller, some actions and resources (`None`: any), and what each key may hold.

    `narrow` are the keys (lower case) whose allowed addresses must be more than a /8 (IPv4) or a /32 (IPv6) for the
    request to count; `hints` are readable actions and resources to be tried first.
    """

    principal: Principal
    domains: Domains
    actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    narrow: frozenset[str] = frozenset()
    action_hints: tuple[str, ...] = ()
    resource_hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Placed:
    """A statement with what is known of it from its document."""

    statement: Statement
    kind: Kind
    document: int


@dataclass(frozen=True)
class _Attempt:
    """An Allow, the Denys that meet it, and the action and resource they meet on."""

    allow: _Placed
    denies: tuple[_Placed, ...]
    action: str
    resource: str


@dataclass(frozen=True)
class _Step:
    """How far the choice of values has come: what is known of Allow and Denys, and the values to try next."""

    reached: Truth
    met: tuple[Truth, ...]
    untried: Iterator[Candidate]


def find(
    documents: Sequence[Document],
    requests: Requests,
    note: str = "",
    only: Callable[[Statement], bool] = lambda _statement: True,
) -> Answer:
    """Whether the documents allow a request of the set through a statement that `only` admits."""
    return _Search(documents, requests, note).answer(only)


@dataclass
class _Search:
    documents: Sequence[Document]
    requests: Requests
    note: str
    state: SearchState = field(init=False)
    # The requests, but for the address, that were found to be allowed from a fixed network only.
    narrow: set[tuple[str, str, str, frozenset[tuple[str, object]]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.state = SearchState(self.requests.domains, 2 * STEPS)

    def answer(self, only: Callable[[Statement], bool]) -> Answer:
        allows: list[_Placed] = []
        denies: list[_Placed] = []
        for index, document in enumerate(self.documents):
            for statement in document.statements:
                chosen = statement.effect is Effect.DENY or only(statement)
                if not chosen or not self.may_speak(statement, document.kind):
                    continue
                placed = _Placed(statement, document.kind, index)
                (denies if statement.effect is Effect.DENY else allows).append(placed)
        for allow in allows:
            self.state.left = max(_LEAST_STEPS, STEPS // len(allows))
            try:
                found = self.through(allow, denies)
            except ExhaustedError:
                found = None
                self.state.doubtful("the statements have too many combinations to try them all", allow.statement.path)
            if found is not None:
                return found
        return self.state.doubt or No()

    def may_speak(self, statement: Statement, kind: Kind) -> bool:
        """Whether a statement, conditions left aside, may speak of a request of the set."""
        requests = self.requests
        if principal_truth(statement, kind, requests.principal) is Truth.NO:
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
            resource_match(statement, kind, resource, _nothing) is not Truth.NO for resource in requests.resources
        )

    def through(self, allow: _Placed, denies: list[_Placed]) -> Yes | None:
        """An allowed request that this statement allows."""
        principal = self.requests.principal
        for action in self.actions(allow, denies):
            self.state.spend()
            if action_truth(allow.statement, allow.kind, principal, action) is Truth.NO:
                continue
            meeting = [
                deny for deny in denies if action_truth(deny.statement, deny.kind, principal, action) is not Truth.NO
            ]
            self.state.spend(len(denies))
            for known in self.scenarios(allow, meeting):
                self.state.known = known
                for resource in self.resources(allow, meeting):
                    found = self.on(allow, meeting, action, resource)
                    if found is not None:
                        return found
        return None

    def scenarios(self, allow: _Placed, denies: list[_Placed]) -> Iterator[dict[str, Value]]:
        """Values for the keys that variables stand for: all present, then all absent that may be."""
        keys = {key for placed in (allow, *denies) for key in variable_keys(placed.statement)}
        present: dict[str, Value] = {}
        absent: dict[str, Value] = {}
        for key in sorted(keys):
            domain = self.requests.domains(key)
            if domain.presence is not Presence.NEVER:
                present[key] = domain.stand_in(key)
                absent[key] = present[key] if domain.presence is Presence.ALWAYS else None
        yield present
        if absent != present:
            yield absent

    def actions(self, allow: _Placed, denies: list[_Placed]) -> Sequence[str]:
        if self.requests.actions is not None:
            return self.requests.actions
        texts = readable(allow.statement.actions, allow.statement.not_actions)
        hints = self.requests.action_hints
        if not denies and allow.statement.actions is not None:
            patterns = [compiled(text, fold=True) for text in texts if is_action(text)]
            own = [_example_action(each) for each in patterns if each.prefix != ""]
            hinted = next((hint for hint in hints if any(each.matches(hint) for each in patterns)), None)
            return [hinted] if hinted else own or ([hints[0]] if hints else ["service:Action"])
        for deny in denies:
            texts += readable(deny.statement.actions, deny.statement.not_actions)
        self.state.spend(len(texts))
        patterns = [compiled(text, fold=True) for text in dict.fromkeys(texts) if is_action(text)]
        seeds = (*(_example_action(each) for each in patterns), *hints)
        found, complete = representatives(patterns, [each for each in seeds if ":" in each])
        if not complete:
            self.state.doubtful("the action patterns are too tangled to compare", allow.statement.action_path)
        if all(":" in each.strip(":") for each in found):
            return found
        found, complete = representatives(patterns, [each for each in seeds if ":" in each], [_ACTION])
        if not complete:
            self.state.doubtful("the action patterns are too tangled to compare", allow.statement.action_path)
        return found

    def resources(self, allow: _Placed, denies: list[_Placed]) -> Sequence[str]:
        if self.requests.resources is not None:
            return self.requests.resources
        hints = self.requests.resource_hints
        globs: list[Glob] = []
        examples: list[str] = []
        for placed in (allow, *denies):
            statement = placed.statement
            for text in readable(statement.resources, statement.not_resources):
                self.state.spend()
                try:
                    whole, segmented = resource_globs(text, self.state.lookup if statement.variables else _nothing)
                except NoValueError:
                    continue
                if whole.prefix == "":
                    continue
                globs += [whole, segmented]
                examples.append(_example_resource(whole))
        distinct = list({glob.tokens: glob for glob in globs}.values())
        self.state.spend(len(distinct) ** 2 // 16)
        found, complete = representatives([*distinct, _ARN], (*examples, *hints))
        if not complete:
            self.state.doubtful("the resource patterns are too tangled to compare", allow.statement.path)
        return [each for each in found if _ARN.matches(each) or has_stand_in(each)]

    def on(self, allow: _Placed, denies: list[_Placed], action: str, resource: str) -> Yes | None:
        """An allowed request with this action on this resource."""
        self.state.spend(1 + len(denies))
        reached = self.reach(allow, action, resource)
        if reached is Truth.NO:
            self.state.hangs(allow.statement)
            return None
        meeting: list[_Placed] = []
        met: list[Truth] = []
        for deny in denies:
            found = self.reach(deny, action, resource)
            if found is Truth.YES and not deny.statement.conditions:
                self.state.hangs(deny.statement)
                return None
            if found is not Truth.NO:
                meeting.append(deny)
                met.append(found)
        return self.under(_Attempt(allow, tuple(meeting), action, resource), reached, tuple(met))

    def reach(self, placed: _Placed, action: str, resource: str) -> Truth:
        """Whether a statement speaks of the request, conditions left aside."""
        statement, kind, caller = placed.statement, placed.kind, self.requests.principal
        return min(
            resource_match(statement, kind, resource, self.state.lookup),
            principal_truth(statement, kind, caller),
            action_truth(statement, kind, caller, action),
            Truth.MAYBE if statement.effect is None else Truth.YES,
        )

    def under(self, attempt: _Attempt, reached: Truth, met: tuple[Truth, ...]) -> Yes | None:
        """An allowed request with some context."""
        statements = [attempt.allow.statement, *(deny.statement for deny in attempt.denies)]
        names: dict[str, str] = {}
        for statement in statements:
            for condition in statement.conditions:
                names.setdefault(condition.key.lower(), condition.key)
        columns: list[Column] = []
        for key, name in names.items():
            found = column_of(self.state, key, statements)
            if not found:
                return None
            columns.append((name, found))
        for index, deny in enumerate(attempt.denies):
            # A Deny that holds whatever values are chosen ends the attempt before any are.
            least = min((each.denies[index] for _, column in columns for each in column), default=Truth.YES)
            if min(met[index], least) is Truth.YES:
                self.state.hangs(deny.statement)
                return None
        columns.sort(key=lambda column: len(column[1]))
        context: dict[str, str | tuple[str, ...]] = {
            key: value for key, value in self.state.known.items() if value is not None and key not in names
        }
        return self.assign(attempt, columns, context, reached, met)

    def assign(
        self,
        attempt: _Attempt,
        columns: list[Column],
        context: dict[str, str | tuple[str, ...]],
        reached: Truth,
        met: tuple[Truth, ...],
    ) -> Yes | None:
        """Choose values key by key until the Allow stands and no Deny does."""
        narrow = [depth for depth, (name, _) in enumerate(columns) if name.lower() in self.requests.narrow]
        # Without a Deny one value of each key is enough, but for addresses still to come, which are counted.
        last_counted = max(narrow, default=-1)

        def in_order(depth: int, met: tuple[Truth, ...]) -> Iterator[Candidate]:
            """The values of one column that are worth trying, the most promising first."""
            if depth == len(columns):
                return iter(())
            order = sorted(columns[depth][1], key=lambda each: (-each.allow, sum(map(min, met, each.denies))))
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
            self.state.spend(1 + len(met) // 16)
            if candidate.value is not None:
                context[columns[depth][0]] = candidate.value
            now = tuple(map(min, step.met, candidate.denies))
            steps.append(_Step(min(step.reached, candidate.allow), now, in_order(depth + 1, now)))
        return None

    def leaf(
        self,
        attempt: _Attempt,
        context: dict[str, str | tuple[str, ...]],
        reached: Truth,
        met: tuple[Truth, ...],
    ) -> Yes | None:
        """The request with every value chosen, if the documents allow it."""
        allow = attempt.allow
        for deny, truth in zip(attempt.denies, met, strict=True):
            if truth is Truth.YES:
                self.state.hangs(deny.statement)
                return None
        doubtful = next((deny for deny, truth in zip(attempt.denies, met, strict=True) if truth is Truth.MAYBE), None)
        if doubtful is not None:
            self.state.doubtful(MAYBE_DENIED, doubtful.statement.unread)
            return None
        if reached is not Truth.YES:
            self.state.doubtful(MAYBE_ALLOWED, allow.statement.unread)
            return None
        request = Request(self.requests.principal, attempt.action, attempt.resource, dict(context))
        self.state.spend(sum(len(document.statements) for document in self.documents))
        if evaluate(self.documents, request).verdict is not Verdict.ALLOWED:
            self.state.doubtful("it hangs on a relation between several keys", allow.statement.path)
            return None
        return Yes(Witness(request, self.note), allow.statement.path, allow.document) if self.wide(request) else None

    def wide(self, request: Request) -> bool:
        """Whether the addresses that the documents allow are too many to be a fixed network."""
        for key, value in request.context.items():
            if key.lower() not in self.requests.narrow or not isinstance(value, str):
                continue
            if network.block(value) is None:
                continue
            blocks = [
                found
                for document in self.documents
                for statement in document.statements
                for condition in statement.conditions
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
            verdict = evaluate(self.documents, tried).verdict
            size = atom.high - atom.low + 1
            allowed[atom.version] += size * (verdict is Verdict.ALLOWED)
            doubtful[atom.version] += size * (verdict is Verdict.UNDECIDED)
            if allowed[atom.version] > network.LARGEST_FIXED[atom.version]:
                return True
        self.narrow.add(like)
        if any(allowed[version] + doubtful[version] > network.LARGEST_FIXED[version] for version in network.BITS):
            self.state.doubtful("some of the address ranges cannot be read", key)
        return False


def _nothing(_key: str) -> Value:
    raise NoValueError


def _example_action(pattern: Glob) -> str:
    return pattern.example("Action")


def _example_resource(pattern: Glob) -> str:
    return pattern.example("any-object")
