"""A document in words: who may do what to which, the widest first, what grants nothing, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..glob import has_wildcard
from . import actions as table
from .actions import AccessLevel
from .answers import Found, No, Undecided, Witness, Yes, first
from .authority import Authority, Placed
from .caller_keys import domains_of, stranger_domains
from .callers import (
    as_itself,
    callers_of,
    foreign,
    is_stranger,
    meant,
    named_callers,
    named_principals,
    stranger_account,
)
from .document import Condition, Document, Kind, Statement, is_action, readable
from .evaluate import ANONYMOUS, Principal, Request, decide
from .goals import Question, Requests
from .patterns import match_action
from .search import TOO_MANY_CALLERS, find, survey
from .state import Budget
from .universe import is_everything

# Elsewhere a type that AWS lists as required may be one of several, any of which will do.
_SEVERAL_AT_ONCE: Final = "ec2:"
_ANYONE: Final = "anyone"


@dataclass(frozen=True)
class Share:
    """What is allowed of one service: `actions` in proper case, and how many the service has (`None`: not listed)."""

    service: str
    actions: tuple[str, ...]
    total: int | None

    def at(self, level: AccessLevel | None) -> tuple[str, ...]:
        """The allowed actions of one level; of none for those that the table does not list."""
        wanted = -1 if level is None else table.DANGER.index(level)
        return tuple(name for name in self.actions if table.rank(name) == wanted)


@dataclass(frozen=True)
class Grant:
    """What one Allow statement grants.

    `who`: the callers for whom it does, in words. `everything`: also what no service lists yet;
    then `shares` holds only the services that the documents speak of. `resources` and `conditions` are as written.
    `witnesses`: one request for each kind of thing that is granted, the most dangerous first.
    """

    document: int
    path: str
    sid: str
    who: tuple[str, ...]
    shares: tuple[Share, ...]
    everything: bool
    resources: tuple[str, ...]
    conditions: tuple[str, ...]
    witnesses: tuple[Witness, ...]

    @property
    def level(self) -> AccessLevel | None:
        """The most dangerous level that is granted; `None` where no listed action is."""
        most = max((table.rank(name) for share in self.shares for name in share.actions), default=-1)
        return None if most < 0 else table.DANGER[most]


@dataclass(frozen=True)
class Dead:
    """A part that does nothing: `what` is an action as written, or empty for the whole statement."""

    document: int
    path: str
    what: str
    reason: str


@dataclass(frozen=True)
class Explanation:
    """What documents grant together, the widest first; what in them does nothing; and what cannot be told."""

    grants: tuple[Grant, ...]
    dead: tuple[Dead, ...]
    undecided: tuple[Undecided, ...]


def explain(documents: Sequence[Document]) -> Explanation:
    """Explain documents that are taken together: any may grant, and any may deny."""
    explainer = _Explainer(documents)
    grants: list[Grant] = []
    dead: list[Dead] = []
    doubts: dict[Undecided, None] = {}
    for granted in explainer.granted():
        if granted.found:
            grants.append(explainer.grant(granted))
        doubts.update(dict.fromkeys(granted.doubts))
        # Where something is in doubt, so is whether the rest does nothing.
        if not granted.doubts:
            dead += explainer.dead(granted)
            dead += explainer.incomplete(granted)
    dead += explainer.needless()
    grants.sort(key=_width)
    dead.sort(key=lambda each: each.document)
    return Explanation(tuple(grants), tuple(dead), tuple(doubts))


def _width(grant: Grant) -> tuple[int, ...]:
    """The order of grants, the widest first."""
    level = table.DANGER.index(grant.level) if grant.level is not None else -1
    return (
        not grant.everything,
        not any(each.startswith(_ANYONE) for each in grant.who),
        -level,
        "*" not in grant.resources,
        len(grant.conditions),
        -sum(len(share.actions) for share in grant.shares),
        grant.document,
    )


@dataclass
class _Granted:
    """What was found of one Allow statement, with the callers it was found for."""

    placed: Placed
    callers: list[Principal] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    actions: set[str] = field(default_factory=set)
    doubts: list[Undecided] = field(default_factory=list)

    def add(self, caller: Principal, found: Found) -> None:
        if caller not in self.callers:
            self.callers.append(caller)
        fresh = tuple(action for action in found.actions if action not in self.actions)
        if fresh:
            self.found.append(replace(found, actions=fresh))
            self.actions.update(fresh)


class _Explainer:
    def __init__(self, documents: Sequence[Document]) -> None:
        self.authority = Authority.of(documents)
        self.named = named_principals(documents)
        self.callers = named_callers(documents)
        self.stranger = stranger_account(tuple(documents), frozenset())
        # One for what is granted and one for why the rest is not.
        self.budget, self.reasons = Budget(), Budget()

    def requests(self, caller: Principal, action: str = "", formats: tuple[str, ...] | None = None) -> Requests:
        """What a caller may ask for: everything, or one action on resources of some formats."""
        return Requests(caller, domains_of(caller, self.named), (action,) if action else None, formats=formats)

    def surveyed(self, statements: Iterable[Placed], question: Question) -> list[_Granted]:
        """What a question finds, by statement."""
        found = {(each.document, each.statement.path): _Granted(each) for each in statements}
        for caller in self.callers:
            if self.budget.left < 0:
                for granted in found.values():
                    granted.doubts.append(Undecided(TOO_MANY_CALLERS, granted.placed.statement.principal_path))
                break
            surveyed = survey(question, self.requests(caller), self.budget)
            for each in surveyed.found:
                found[each.answer.document, each.answer.path].add(caller, each)
            for doubt in surveyed.doubts:
                found[doubt.document, doubt.statement].doubts.append(doubt.reason)
        return list(found.values())

    def granted(self) -> list[_Granted]:
        """What each Allow statement grants."""
        return self.surveyed(self.authority.paths[0][0], Question(self.authority))

    def needless(self) -> Iterator[Dead]:
        """The Denys that no request matches for certain."""
        denies = self.authority.denies
        for each in self.surveyed(denies, Question(Authority(((denies,),)))) if denies else ():
            if not each.found and not each.doubts:
                reason = "no request matches it, so it denies nothing"
                yield Dead(each.placed.document, each.placed.statement.path, "", reason)

    def grant(self, granted: _Granted) -> Grant:
        """What one statement grants, in words and numbers."""
        placed, found = granted.placed, granted.found
        statement = placed.statement
        shares: dict[str, list[str]] = {}
        everything = False
        open_ended = statement.not_actions is not None or any(map(is_everything, readable(statement.actions)))
        for name in (name for each in found for name in each.actions):
            service = name.partition(":")[0]
            if open_ended and table.service(service) is None:
                everything = True
            else:
                shares.setdefault(service, []).append(_as_written(name, statement))
        verdict = Question(self.authority).verdict
        return Grant(
            placed.document,
            statement.path,
            statement.sid or "",
            self.labels(granted),
            tuple(Share(service, tuple(names), _total(service)) for service, names in sorted(shares.items())),
            everything,
            _resources(placed),
            tuple(map(_written, statement.conditions)),
            tuple(
                as_itself(each.answer.witness, verdict)
                for each in sorted(found, key=lambda each: -table.rank(each.answer.witness.request.action))
            ),
        )

    def labels(self, granted: _Granted) -> tuple[str, ...]:
        """Who is meant, in words; strangers are, where they need hold nothing that the conditions name."""
        question = Question(self.authority, only=lambda each: each is granted.placed.statement)
        found: dict[str, None] = {}
        for caller in granted.callers:
            stranger = caller == ANONYMOUS or is_stranger(caller)
            if not stranger or not granted.placed.statement.conditions:
                found.setdefault(meant(caller))
                continue
            requests = replace(self.requests(caller), domains=stranger_domains(caller, self.stranger, frozenset()))
            met = isinstance(find(question, requests, budget=self.reasons), Yes)
            found.setdefault(meant(caller) if met else "whoever meets the conditions")
        if meant(ANONYMOUS) in found:
            return tuple(each for each in found if each != meant(foreign(self.stranger)))
        return tuple(found)

    def dead(self, granted: _Granted) -> Iterator[Dead]:
        """The statement, or the actions as written, through which nothing is granted."""
        placed, statement = granted.placed, granted.placed.statement
        if not granted.found:
            yield Dead(placed.document, statement.path, "", self.reason(placed))
            return
        several = len(statement.actions or ()) > 1
        lowered = {name.lower() for name in granted.actions}
        for index, pattern in enumerate(statement.actions or ()):
            if pattern is None or pattern.lower() in lowered:
                continue
            if (
                is_action(pattern)
                and has_wildcard(pattern)
                and any(match_action(pattern, name) for name in granted.actions)
            ):
                continue
            alone = replace(placed, statement=replace(statement, actions=(pattern,)))
            path = f"{statement.action_path}[{index}]" if several else statement.action_path
            yield Dead(placed.document, path, pattern, self.reason(alone))

    def incomplete(self, granted: _Granted) -> Iterator[Dead]:
        """Actions that need resources of several types at once, of which some are granted and some are not."""
        statement = granted.placed.statement
        if statement.resources is None or "*" in statement.resources:
            return
        for name in sorted(name for name in granted.actions if name.startswith(_SEVERAL_AT_ONCE)):
            lacking = self.lacking(name)
            if lacking:
                types = ", ".join(lacking)
                reason = f"EC2 asks for it on several resources at once, and nothing allows it on one of type {types}"
                yield Dead(granted.placed.document, statement.action_path, name, reason)

    def lacking(self, name: str) -> list[str]:
        """The types of resources that an action needs and on which nothing allows it."""
        action, service = table.action(name), table.service(name.partition(":")[0])
        needed = [use.type for use in action.resources if use.required] if action is not None else []
        if service is None or len(needed) < 2:
            return []
        question = Question(self.authority)

        def possible(type_: str) -> bool:
            formats = service.resource_types[type_]
            asked = (self.requests(caller, name, formats) for caller in self.callers)
            return any(not isinstance(find(question, each, budget=self.reasons), No) for each in asked)

        return [type_ for type_ in needed if not possible(type_)]

    def reason(self, placed: Placed) -> str:
        """Why a statement grants nothing: the first of its elements without which it would."""
        statement = placed.statement
        if self.reasons.left < 0:
            return "nothing that it allows gets through; there is too much of that to say why"
        if statement.actions is not None and not any(map(is_action, readable(statement.actions))):
            return "it names no action, so it matches nothing"
        request = self.request(placed)
        if request is not None:
            path = decide(Authority((((placed,),),), self.authority.denies), request).path
            return f"what it allows is denied, such as by {path}" if path else "it is denied"
        bare = replace(placed, statement=replace(statement, conditions=()))
        if self.request(bare) is not None:
            return "its conditions never hold for whoever it speaks of"
        anywhere = replace(placed, statement=replace(bare.statement, resources=("*",), not_resources=None))
        if self.request(anywhere) is not None:
            return "its actions do not work on the resources that it names"
        return "nobody whom it names can make such a request"

    def request(self, placed: Placed) -> Request | None:
        """A request that a statement by itself matches."""
        question = Question(Authority((((placed,),),)))
        callers = callers_of(placed.statement, placed.kind, self.stranger)
        answer = first(find(question, self.requests(caller), budget=self.reasons) for caller in callers)
        return answer.witness.request if isinstance(answer, Yes) else None


def _as_written(name: str, statement: Statement) -> str:
    """An action, or the pattern of a statement that it was made from where the table lists nothing like it."""
    if table.action(name) is not None:
        return name
    return next((each for each in readable(statement.actions) if match_action(each, name)), name)


def _total(service: str) -> int | None:
    listed = table.service(service)
    return None if listed is None else len(listed.actions)


def _resources(placed: Placed) -> tuple[str, ...]:
    statement = placed.statement
    if placed.kind is Kind.TRUST:
        return ("the role itself",)
    if statement.resources is None and statement.not_resources is None:
        return ("what the policy is attached to",)
    shown = [text if text is not None else "a resource that is not known yet" for text in statement.resources or ()]
    excluded = [
        f"all but {text if text is not None else 'one not known yet'}" for text in statement.not_resources or ()
    ]
    return (*shown, *excluded)


def _written(condition: Condition) -> str:
    values = " or ".join(text if text is not None else "a value that is not known yet" for text in condition.values)
    return f"{condition.key} {condition.operator} {values}" if condition.operator else "a condition that cannot be read"
