"""Decides for one identity, in one partition and account, whether it can take the steps of an escalation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from .answers import Answer, No, Undecided, Witness, Yes
from .authority import Authority, Placed
from .caller_keys import holder_domains
from .domains import FREE, NEVER, Domain, Domains, Presence
from .escalation_methods import SELF, Method, Needs, Step, Way
from .escalation_targets import Holder, Reach, Targets, opaque, shown
from .evaluate import Request
from .goals import Question, Requests
from .places import Place
from .search import find, survey
from .state import Budget, ExhaustedError, variable_keys

_IDENTITIES: Final = frozenset({"iam:user", "iam:role", "iam:group", "iam:policy"})
_USER_NAME: Final = "aws:username"
_SPELLED: Final = {
    "iam:passedtoservice": "iam:PassedToService",
    "iam:policyarn": "iam:PolicyARN",
    "iam:permissionsboundary": "iam:PermissionsBoundary",
}
_MANY: Final = "the statements have too many targets to try them all"


@dataclass(frozen=True)
class Escalation:
    """A method that the identity has the permissions for.

    `witnesses` are the requests, one for each step, and `places` the document (by its index in the authority) and the
    path of the statement that grants each. `target` is the identity, policy or resource that the method is about:
    empty where there is none. `bounded`: only named targets can be reached, and no other. `conditional`: the target
    has to exist, let the holder in or hold more than the holder does.
    """

    method: Method
    way: Way
    witnesses: tuple[Witness, ...]
    places: tuple[tuple[int, str], ...]
    target: str = ""
    bounded: bool = False

    @property
    def conditional(self) -> bool:
        """Whether it takes a target that holds more; unconditional where any target will do or none is needed."""
        return self.way.needs in (Needs.MORE, Needs.CONTROL) or (self.way.needs is Needs.WIDE and self.bounded)


@dataclass(frozen=True)
class Hanging:
    """A method of which it cannot be told whether the permissions are enough, the statement (document and path) it
    hangs on, and why."""

    method: Method
    document: int
    statement: str
    reason: Undecided


@dataclass(frozen=True)
class Target:
    """One target: its ARN, or an invented text that stands for it; its `kind`, which is service and type as in the
    action table, such as `iam:role` or `lambda:function`; and the `services` that a role trusts, `None` where that is
    not known."""

    arn: str
    kind: str
    services: frozenset[str] | None = None

    def ways(self, method: Method) -> list[Way]:
        """The ways of a method that are about such a target."""
        trusted = self.services is None or not method.services or not self.services.isdisjoint(method.services)
        return [way for way in method.ways if trusted and any(each.kind == self.kind for each in _decisive(way))]


def _decisive(way: Way) -> list[Step]:
    """The steps whose target is what the holder ends up with: an identity if there is one, else whatever it is."""
    targeted = [each for each in way.steps if each.target and each.target != SELF]
    return [each for each in targeted if each.kind in _IDENTITIES] or targeted


def order(found: Escalation) -> tuple[bool, bool]:
    """The place of an escalation among those by one method, the worst first."""
    return found.conditional, found.bounded


class _Taken(NamedTuple):
    """The answer to each step on one target, that target, whether no other can be reached, and why that is in doubt."""

    answers: list[Yes]
    target: str
    bounded: bool
    doubt: Undecided | None = None


@dataclass
class Judge:
    """Decides the methods in one place."""

    authority: Authority
    holder: Holder
    place: Place
    allowed: frozenset[str]
    relevant: Sequence[Placed]
    # By the identity of the statements, the actions of methods that each may speak of.
    spoken: Mapping[int, frozenset[str]]
    budget: Budget
    onto: Target | None
    doubts: dict[Method, Hanging] = field(default_factory=dict)
    question: Question = field(init=False)
    targets: Targets = field(init=False)
    # The keys that the statements test or fill in, in lower case.
    tested: frozenset[str] = field(init=False)
    reaches: dict[tuple[str, ...], Reach] = field(default_factory=dict)
    answers: dict[object, tuple[Answer, Requests]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.question = Question(self.authority)
        self.targets = Targets(self.holder, self.place, self.relevant, self.budget)
        keys = {condition.key.lower() for each in self.relevant for condition in each.statement.conditions}
        self.tested = frozenset(keys.union(*(variable_keys(each.statement) for each in self.relevant)))

    def best(self, method: Method, ways: Sequence[Way]) -> Escalation | None:
        """The worst that a method comes to."""
        best: Escalation | None = None
        for way in ways:
            found, doubt = self.through(method, way)
            if doubt is not None and method not in self.doubts:
                self.doubts[method] = self.hanging(method, doubt)
            if found is not None and (best is None or order(found) < order(best)):
                best = found
            if best is not None and order(best) == (False, False):
                break
        return best

    def through(self, method: Method, way: Way) -> tuple[Escalation | None, Undecided | None]:
        """A method by one of its ways, if every step can be taken, and what is in doubt."""
        deciding = _decisive(way)
        groups: dict[object, list[Step]] = {}
        for index, each in enumerate(way.steps):
            groups.setdefault((each.kind, each.target) if each.target else index, []).append(each)
        answers: dict[Step, Yes] = {}
        target, bounded = "", False
        doubt: Undecided | None = None
        wider: Undecided | None = None
        for steps in groups.values():
            taken = self.taken(steps, deciding=steps[0] in deciding)
            if isinstance(taken, No):
                return None, None
            if isinstance(taken, Undecided):
                doubt = doubt or taken
                continue
            answers.update(zip(steps, taken.answers, strict=True))
            if steps[0] in deciding or (steps[0].target == SELF and not target):
                target, bounded = taken.target, bounded or taken.bounded
                wider = wider or taken.doubt
        if doubt is not None:
            return None, doubt
        found = [answers[each] for each in way.steps]
        witnesses = tuple(each.witness for each in found)
        places = tuple((each.document, each.path) for each in found)
        return Escalation(method, way, witnesses, places, shown(target), bounded), wider

    def taken(self, steps: Sequence[Step], *, deciding: bool) -> _Taken | Undecided | No:
        """Steps on the same target, if all of them can be taken on some."""
        first = steps[0]
        if not first.target:
            found = self.ask(first)
            return _Taken([found], "", bounded=False) if isinstance(found, Yes) else found
        if first.target == SELF:
            return self.first_of(steps, ((each, False) for each in self.targets.own(first.kind)))
        if self.onto is not None and deciding and first.kind == self.onto.kind:
            return self.first_of(steps, [(opaque(self.onto.arn), True)])
        free = [self.ask(each) for each in steps]
        allowed = [each.witness.request.resource for each in free if isinstance(each, Yes)]
        if len(allowed) < len(free):
            return _refused(free)
        return self.first_of(steps, self.candidates(first, allowed))

    def first_of(self, steps: Sequence[Step], candidates: Iterable[tuple[str, bool]]) -> _Taken | Undecided | No:
        """The first of some targets on which all steps can be taken."""
        refused: Undecided | No = No()
        try:
            for resource, bounded in candidates:
                if not all(self.granted(each).may_reach(resource, self.budget) for each in steps):
                    continue
                answers: list[Answer] = []
                for each in steps:
                    answers.append(self.ask(each, resource))
                    if isinstance(answers[-1], No):
                        break
                found = [each for each in answers if isinstance(each, Yes)]
                if len(found) == len(steps):
                    return _Taken(found, resource, bounded, refused if isinstance(refused, Undecided) else None)
                refused = refused if isinstance(refused, Undecided) else _refused(answers)
        except ExhaustedError:
            refused = refused if isinstance(refused, Undecided) else Undecided(_MANY, self.relevant[0].statement.path)
        return refused

    def granted(self, step: Step) -> Reach:
        """What the grants that may speak of a step may reach."""
        known = self.reaches.get(step.actions)
        if known is None:
            grants = (each for path in self.authority.paths for each in path[0])
            speaking = [each.statement for each in grants if not self.spoken[id(each)].isdisjoint(step.actions)]
            known = self.reaches[step.actions] = Reach.of(speaking)
        return known

    def candidates(self, step: Step, allowed: Sequence[str]) -> Iterator[tuple[str, bool]]:
        """Targets of a step and whether they are bounded, those first that nobody names; some are
        `allowed` for one of the steps on the same target."""
        formats = step.formats or ()
        seen: set[str] = set()
        for bounded, texts in (
            (False, self.targets.fresh(formats, allowed)),
            (True, allowed),
            (True, self.targets.classes(formats)),
        ):
            for text in texts:
                if text not in seen and not self.targets.is_holder(text):
                    seen.add(text)
                    yield text, bounded

    def ask(self, step: Step, resource: str | None = None) -> Answer:
        """Whether a step can be taken, on one resource or on any of its kind."""
        own = step.target == SELF
        actions = tuple(each for each in step.actions if each in self.allowed)
        demands = tuple(each for each in step.demands if each[0] in self.tested)
        formats = step.formats
        key = (actions, resource, demands, own and _USER_NAME in self.tested, step.kind if resource is None else "")
        known = self.answers.get(key)
        if known is None:
            requests = Requests(
                self.holder.principal,
                self.domains(step, own=own),
                actions,
                (resource,) if resource is not None else ("*",) if step.anywhere else None,
                None if formats is None else tuple(map(self.place.fill, formats)),
                account=self.place.account,
            )
            known = self.answers[key] = find(self.question, requests, "", self.budget), requests
        answer = known[0]
        return self.complete(answer, step) if isinstance(answer, Yes) else answer

    def complete(self, answer: Yes, step: Step) -> Yes:
        """The answer with all that the step demands in its witness, also where no statement asks for it."""
        request = answer.witness.request
        known = {key.lower() for key in request.context}
        added = {
            _SPELLED.get(key, key): self.place.values(values)[0]
            for key, values in step.demands
            if values and key not in known
        }
        if not added:
            return answer
        full = Request(request.principal, request.action, request.resource, {**request.context, **added})
        return replace(answer, witness=replace(answer.witness, request=full))

    def domains(self, step: Step, *, own: bool) -> Domains:
        """What each key holds in the requests of a step."""
        others = holder_domains(self.place.account)
        demands = dict(step.demands)

        def domain(key: str) -> Domain:
            values = demands.get(key)
            if values is not None:
                filled = self.place.values(values)
                return Domain(Presence.ALWAYS, only=filled) if filled else FREE
            if key == _USER_NAME:
                if self.holder.kind == "role":
                    return NEVER
                return Domain(only=(self.targets.user_name(own=own),))
            if key == "aws:principalarn" and self.holder.known_arn:
                return Domain(Presence.ALWAYS, only=(self.holder.known_arn,))
            return others(key)

        return domain

    def hanging(self, method: Method, reason: Undecided) -> Hanging:
        """A doubt with the statement that it is about."""
        meant = [each for each in self.relevant if reason.path in (each.statement.path, each.statement.unread)]
        if len(meant) != 1:
            # Documents may have the same paths; the search knows which one it was.
            requests = next((asked for answer, asked in self.answers.values() if answer is reason), None)
            doubts = survey(self.question, requests, self.budget, whole=False).doubts if requests is not None else ()
            for each in doubts:
                return Hanging(method, each.document, each.statement, each.reason)
        first = next(iter(meant), self.relevant[0])
        return Hanging(method, first.document, first.statement.path, reason)


def _refused(answers: Iterable[Answer]) -> Undecided | No:
    """What answers come to that are not all yes: no if one is."""
    doubt: Undecided | None = None
    for each in answers:
        if isinstance(each, No):
            return each
        if isinstance(each, Undecided):
            doubt = doubt or each
    return doubt or No()
