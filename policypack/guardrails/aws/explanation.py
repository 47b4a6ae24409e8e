"""A document in words: who may do what to which, the widest first, what grants nothing, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from . import actions as table
from .actions import AccessLevel
from .answers import No, Undecided, Witness, Yes
from .authority import Authority, Placed
from .callers import as_itself, domains_of, is_any_of_account, is_stranger, named_callers, named_principals
from .document import Condition, Document, Effect, Kind, is_action, readable
from .evaluate import ANONYMOUS, Principal, Request, decide
from .glob import has_wildcard, match_action
from .search import Found, Question, Requests, find, survey
from .universe import is_everything

# Least to most dangerous.
LEVELS = (
    AccessLevel.LIST,
    AccessLevel.READ,
    AccessLevel.TAGGING,
    AccessLevel.WRITE,
    AccessLevel.PERMISSIONS_MANAGEMENT,
)


@dataclass(frozen=True)
class Share:
    """What is allowed of one service: `actions` in proper case, and how many the service has (`None`: not listed)."""

    service: str
    actions: tuple[str, ...]
    total: int | None

    def at(self, level: AccessLevel | None) -> tuple[str, ...]:
        """The allowed actions of one level; of none for those that the table does not list."""
        return tuple(name for name in self.actions if _level(name) is level)


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
        found = {_level(name) for share in self.shares for name in share.actions} - {None}
        return max((each for each in found if each is not None), key=LEVELS.index, default=None)


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
    for placed in explainer.authority.statements():
        if placed.statement.effect is Effect.DENY:
            dead += explainer.needless(placed)
            continue
        granted, nothing = explainer.grant(placed)
        if granted is not None:
            grants.append(granted)
        dead += nothing
    grants.sort(key=_width)
    return Explanation(tuple(grants), tuple(dead), tuple(dict.fromkeys(explainer.doubts)))


def _width(grant: Grant) -> tuple[int, ...]:
    """The order of grants, the widest first."""
    level = LEVELS.index(grant.level) if grant.level is not None else -1
    return (
        not grant.everything,
        -level,
        "*" not in grant.resources,
        len(grant.conditions),
        -sum(len(share.actions) for share in grant.shares),
        grant.document,
    )


@lru_cache(maxsize=65_536)
def _level(name: str) -> AccessLevel | None:
    action = table.action(name)
    return None if action is None else action.level


class _Explainer:
    def __init__(self, documents: Sequence[Document]) -> None:
        self.authority = Authority.of(documents)
        self.named = named_principals(documents)
        self.callers = named_callers(documents)
        self.doubts: list[Undecided] = []

    def requests(self, caller: Principal) -> Requests:
        return Requests(caller, domains_of(caller, self.named))

    def grant(self, placed: Placed) -> tuple[Grant | None, list[Dead]]:
        """What a statement grants, and what in it grants nothing."""
        question = Question(self.authority, only=lambda each: each is placed.statement)
        who: list[Principal] = []
        known: set[str] = set()
        found: list[Found] = []
        doubt: Undecided | None = None
        for caller in self.callers:
            surveyed = survey(question, self.requests(caller))
            doubt = doubt or surveyed.doubt
            if surveyed.found:
                who.append(caller)
            for each in surveyed.found:
                fresh = tuple(action for action in each.actions if action not in known)
                if fresh:
                    found.append(replace(each, actions=fresh))
                    known.update(fresh)
        if doubt is not None:
            self.doubts.append(doubt)
        granted = self.granted(placed, who, found) if found else None
        # Where something is in doubt, so is whether the rest does nothing.
        return granted, [] if doubt is not None else list(self.dead(placed, known))

    def granted(self, placed: Placed, who: Sequence[Principal], found: Sequence[Found]) -> Grant:
        statement = placed.statement
        shares: dict[str, list[str]] = {}
        everything = False
        open_ended = statement.not_actions is not None or any(map(is_everything, readable(statement.actions)))
        for name in (name for each in found for name in each.actions):
            service = name.partition(":")[0]
            if open_ended and table.service(service) is None:
                everything = True
            else:
                shares.setdefault(service, []).append(name)
        verdict = Question(self.authority).verdict
        return Grant(
            placed.document,
            statement.path,
            statement.sid or "",
            _labels(who),
            tuple(Share(service, tuple(names), _total(service)) for service, names in sorted(shares.items())),
            everything,
            _resources(placed),
            tuple(map(_written, statement.conditions)),
            tuple(
                as_itself(each.answer.witness, verdict)
                for each in sorted(found, key=lambda each: -max(map(_rank, each.actions)))
            ),
        )

    def dead(self, placed: Placed, known: set[str]) -> Iterator[Dead]:
        """The statement, or the actions as written, through which nothing is granted."""
        statement = placed.statement
        if not known:
            yield Dead(placed.document, statement.path, "", self.reason(placed))
            return
        several = len(statement.actions or ()) > 1
        lowered = {name.lower() for name in known}
        for index, pattern in enumerate(statement.actions or ()):
            if pattern is None or pattern.lower() in lowered:
                continue
            if is_action(pattern) and has_wildcard(pattern) and any(match_action(pattern, name) for name in known):
                continue
            alone = replace(placed, statement=replace(statement, actions=(pattern,)))
            path = f"{statement.action_path}[{index}]" if several else statement.action_path
            yield Dead(placed.document, path, pattern, self.reason(alone))

    def reason(self, placed: Placed) -> str:
        """Why a statement grants nothing: the first of its elements without which it would."""
        statement = placed.statement
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
        for caller in self.callers:
            answer = find(question, self.requests(caller))
            if isinstance(answer, Yes):
                return answer.witness.request
        return None

    def needless(self, placed: Placed) -> Iterator[Dead]:
        """A Deny that no request matches for certain."""
        question = Question(Authority((((placed,),),)))
        if all(isinstance(find(question, self.requests(caller)), No) for caller in self.callers):
            yield Dead(placed.document, placed.statement.path, "", "no request matches it, so it denies nothing")


def _rank(name: str) -> int:
    level = _level(name)
    return LEVELS.index(level) if level is not None else -1


def _total(service: str) -> int | None:
    listed = table.service(service)
    return None if listed is None else len(listed.actions)


def _labels(callers: Sequence[Principal]) -> tuple[str, ...]:
    """Who is meant, in words; whoever is not signed in stands for strangers too."""
    open_to_all = ANONYMOUS in callers
    return tuple(_label(each) for each in callers if not (open_to_all and is_stranger(each)))


def _label(caller: Principal) -> str:
    if caller == ANONYMOUS:
        return "anyone, signed in or not"
    if is_stranger(caller):
        return "anyone signed in to any AWS account"
    return f"account {caller.account}" if is_any_of_account(caller) else caller.name


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
