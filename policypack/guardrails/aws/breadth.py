"""What the Allow statements of one identity document grant on resources that nobody named.

A statement is wide for an action where it allows the action on an invented resource of the account, in the formats of
ARN that the action works on. Partition, region and account narrow nothing, a part of the name or path does. Conditions
that the session meets or that the caller chooses narrow nothing either, those on the resource, on the service or on
parameters of the request do. What a Deny of the document takes away is not granted. Every answer is a search for a
request, whose witness replays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Final

from ..glob import Glob, compiled, has_wildcard, tokens_of
from . import actions as table
from .actions import Action
from .answers import Answer, No, Undecided, Yes, first
from .arns import service_segment
from .authority import Authority, Placed
from .caller_keys import holder_domains
from .callers import HOLDER
from .dangers import AGENT_CHECK_IN, AGENT_READS, REPRESENTATIVES, Danger, danger_of
from .document import Document, Effect, Kind, Statement, readable
from .domains import Domain, Domains, Presence
from .goals import Question, Requests
from .invented import ACCOUNT, INVENTED, ON_NOTHING, Needs, invented, may_be_wide, needs_of
from .patterns import match_action
from .search import find
from .state import Budget
from .universe import is_everything

# What real documents need is a tenth of it.
_STEPS: Final = 30_000
# Of a service that nobody lists.
_ANY_ACTION: Final = "anyservice:AnyAction"
_TAKING: Final = re.compile(r"[\w-]+:(Delete|Remove|Revoke|Bypass|Reset|Disable|Untag|Cancel|Stop)")
# Both say where a request goes, which narrows nothing.
_REGION: Final = frozenset({"aws:requestedregion", "ec2:region"})
# Keys of the caller whose values cannot be the name of a resource.
_NO_NAMES: Final = frozenset({"aws:principalaccount", "aws:principalorgid"})
# AWS has policies ask for these by ForAllValues, which a request without them meets; all requests that they are for
# carry them.
_RECORDS: Final = "route53:changeresourcerecordsets"
# Both say whose the resource is.
_OWNERS: Final = frozenset({"aws:resourceaccount", "s3:resourceaccount"})
_INVENTED_VALUES: Final = (Glob(tokens_of(f"*{INVENTED}*")),)
_WIDEST: Final = tuple(danger for danger in Danger if danger is not Danger.METADATA)


@dataclass(frozen=True, slots=True)
class Reach:
    """One danger of a statement. `actions` are those of the danger that its Action and Resource take in, before what a
    Deny takes away."""

    answer: Yes | Undecided
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breadth:
    """What one Allow statement grants on resources that nobody named, by danger. `everything` is the answer for
    actions of services that nobody lists yet."""

    statement: Statement
    everything: Yes | Undecided | None
    reaches: Mapping[Danger, Reach]


def breadths(document: Document) -> tuple[Breadth, ...]:
    """The breadth of each Allow statement, metadata left aside."""
    return _of(document, _WIDEST)


def breadths_of_metadata(document: Document) -> tuple[Breadth, ...]:
    """What each Allow statement grants of reading settings and setting tags."""
    return _of(document, (Danger.METADATA,))


def breadth_within(document: Document, statement: Statement, authority: Authority) -> Breadth:
    """The breadth of one Allow statement of a document where `authority`, which holds the statement, decides."""
    is_agent = any(speaks_of(each, AGENT_CHECK_IN) for each in document.statements if each.effect is not Effect.DENY)
    return _Statement(statement, authority, Budget(_STEPS), is_agent).breadth(_WIDEST)


def domains_of_holder(key: str) -> Domain:
    """The keys of requests by the holder of a document, none of whose names and tags is an invented one."""
    return _holder(key)


def _of(document: Document, dangers: Sequence[Danger]) -> tuple[Breadth, ...]:
    authority, budget = Authority.of((document,)), Budget(_STEPS)
    allowing = [each for each in document.statements if each.effect is not Effect.DENY]
    is_agent = any(speaks_of(each, AGENT_CHECK_IN) for each in allowing)
    return tuple(_Statement(each, authority, budget, is_agent).breadth(dangers) for each in allowing)


def _domains(statement: Statement) -> Domains:
    """The keys of requests on resources of the own account, which a statement names where it speaks of their owner: it
    asks for resources of that account, or for those of all others."""
    of_owner = [each for each in statement.conditions if each.key.lower() in _OWNERS]
    if not of_owner:
        return domains_of_holder
    named = [text for each in of_owner for text in readable(each.values) if not has_wildcard(text) and "$" not in text]
    own = Domain(Presence.ALWAYS, only=(named[0] if named else ACCOUNT,))
    return lambda key: own if key in _OWNERS or key == "aws:principalaccount" else domains_of_holder(key)


@lru_cache(maxsize=1024)
def _holder(key: str) -> Domain:
    if key in _REGION:
        # The one that invented resources lie in, where a statement leaves it open.
        return Domain(Presence.ALWAYS, examples=("us-east-1",))
    if key.startswith(_RECORDS):
        return Domain(Presence.ALWAYS, only=(INVENTED,))
    found = holder_domains(ACCOUNT)(key)
    if found.presence is Presence.NEVER or found.only is not None or key in _NO_NAMES:
        return found
    return replace(found, excluded=(*found.excluded, *_INVENTED_VALUES))


@dataclass(frozen=True, slots=True)
class _Statement:
    statement: Statement
    authority: Authority
    budget: Budget
    # Whether the document is also that of the agent of Systems Manager.
    is_agent: bool

    def breadth(self, dangers: Sequence[Danger]) -> Breadth:
        statement = self.statement
        if not may_be_wide(statement):
            return Breadth(statement, None, {})
        groups = _groups(statement, is_agent=self.is_agent)
        if not (_is_everything(statement) or self.is_wide(groups, dangers)) or not self.may_hold():
            return Breadth(statement, None, {})
        everything = self.ask((_ANY_ACTION,), (_elsewhere(statement),)) if _is_everything(statement) else No()
        found: dict[Danger, Reach] = {}
        for danger in dangers:
            reach = self.reach(groups.get(danger, {}))
            if reach is not None:
                found[danger] = reach
        return Breadth(statement, None if isinstance(everything, No) else everything, found)

    def is_wide(self, groups: Mapping[Danger, Mapping[Needs, Sequence[str]]], dangers: Sequence[Danger]) -> bool:
        """Whether the statement takes in an invented resource of some action, conditions left aside."""
        needed = {needs[0] for danger in dangers for needs in groups.get(danger, {})}
        return any(next(iter(invented(self.statement, formats)), None) is not None for formats in needed)

    def may_hold(self) -> bool:
        """Whether the holder may meet the conditions at all, actions and resources left aside."""
        if not self.statement.conditions:
            return True
        bare = replace(
            self.statement, actions=("*",), not_actions=None, resources=(ON_NOTHING,), not_resources=None, holes=()
        )
        alone = Authority((((Placed(bare, Kind.IDENTITY),),),))
        requests = Requests(HOLDER, _domains(self.statement), (_ANY_ACTION,), (ON_NOTHING,), account=ACCOUNT)
        return not isinstance(find(Question(alone), requests, budget=self.budget), No)

    def reach(self, by_needs: Mapping[Needs, Sequence[str]]) -> Reach | None:
        """The first request that is allowed of the actions of one danger, else the first doubt."""
        groups = [(needs, tuple(sorted(names, key=telling_first))) for needs, names in by_needs.items()]
        # What needs one resource is asked for at once, what needs several action by action.
        groups.sort(key=lambda each: (len(each[0]), telling_first(each[1][0])))
        wide = [(needs, names, own) for needs, names in groups if (own := tuple(invented(self.statement, needs[0])))]
        actions = tuple(chain.from_iterable(names for _, names, _ in wide))
        answer = first(
            self.ask(asked, own)
            for needs, names, own in wide
            for asked in ([names] if len(needs) == 1 else [(name,) for name in names])
            if self.besides(asked[0], needs[1:])
        )
        return None if isinstance(answer, No) else Reach(answer, actions)

    def besides(self, name: str, needs: Needs) -> bool:
        """Whether the document, in whatever statements, also allows an action on all else that it needs."""
        return all(self.anywhere(name, formats) for formats in needs)

    def anywhere(self, name: str, formats: tuple[str, ...]) -> bool:
        statements = [each.statement for each in self.authority.paths[0][0]]
        found = {one for each in statements if speaks_of(each, name) for one in invented(each, formats)}
        requests = Requests(HOLDER, _domains(self.statement), (name,), tuple(sorted(found)), account=ACCOUNT)
        return bool(found) and not isinstance(find(Question(self.authority), requests, budget=self.budget), No)

    def ask(self, names: tuple[str, ...], resources: tuple[str, ...]) -> Answer:
        statement = self.statement
        question = Question(self.authority, only=lambda each: each is statement)
        requests = Requests(HOLDER, _domains(statement), names, resources, account=ACCOUNT)
        return find(question, requests, budget=self.budget)


def granted(
    document: Document,
    statement: Statement,
    names: tuple[str, ...] | None,
    *,
    resources: tuple[str, ...] | None = None,
    domains: Domains = domains_of_holder,
) -> Yes | Undecided | None:
    """A request for one of some actions (`None`: any) that one statement of a document allows, on one of some resources
    (`None`: any)."""
    # What others allow besides makes no difference, and long documents a slow search.
    deciding = tuple(each for each in document.statements if each is statement or each.effect is not Effect.ALLOW)
    authority = Authority.of((replace(document, statements=deciding),))
    question = Question(authority, only=lambda each: each is statement)
    requests = Requests(HOLDER, domains, names, resources, account=ACCOUNT)
    answer = find(question, requests, budget=Budget(_STEPS))
    return None if isinstance(answer, No) else answer


def granted_widely(document: Document, statement: Statement, name: str, domains: Domains) -> Yes | Undecided | None:
    """A request for one listed action that one statement of a document allows on a resource that nobody named."""
    action = table.action(name)
    if action is None or not speaks_of(statement, name):
        return None
    listed = [tuple(invented(statement, formats)) for formats in needs_of(action)]
    return granted(document, statement, (name,), resources=listed[0], domains=domains) if all(listed) else None


def fixing(values: Mapping[str, str]) -> Domains:
    """The keys of the holder's requests, some of which (lower case) have a certain value; whichever helps if empty."""

    def domain(key: str) -> Domain:
        value = values.get(key)
        if value is None:
            return domains_of_holder(key)
        return Domain(Presence.ALWAYS, only=(value,) if value else None)

    return domain


def speaks_of(statement: Statement, name: str) -> bool:
    """Whether the readable part of a statement's Action or NotAction takes in an action."""
    if statement.not_actions is not None:
        return not any(match_action(each, name) for each in readable(statement.not_actions))
    return any(match_action(each, name) for each in readable(statement.actions))


def actions_of(statement: Statement) -> tuple[Action, ...]:
    """The listed actions that a statement takes in; of every service only representatives and those whose ARNs it
    names."""
    if statement.not_actions is not None:
        names = _of_every_service("*", statement)
        return tuple(each for each in names if speaks_of(statement, each.name))
    found: dict[Action, None] = {}
    for pattern in readable(statement.actions):
        head = pattern.partition(":")[0]
        wide = has_wildcard(head)
        found.update(dict.fromkeys(_of_every_service(pattern, statement) if wide else expanded(pattern)))
    return tuple(found)


@lru_cache(maxsize=8192)
def expanded(pattern: str) -> tuple[Action, ...]:
    """The listed actions of one service that a pattern matches."""
    service = table.service(pattern.partition(":")[0])
    if service is None:
        return ()
    if not has_wildcard(pattern):
        one = table.action(pattern)
        return () if one is None else (one,)
    glob = compiled(pattern, fold=True)
    return tuple(each for each in service.actions.values() if glob.matches(each.name))


def _of_every_service(pattern: str, statement: Statement) -> list[Action]:
    """Actions for a pattern that speaks of every service, or of several."""
    services = {
        prefix
        for segment in map(service_segment, readable(statement.resources))
        if segment.strip("*")
        for prefix in table.services_of_arn(segment)
    }
    found = [
        each for each in map(table.action, REPRESENTATIVES) if each is not None and match_action(pattern, each.name)
    ]
    if not found and not is_everything(pattern):
        glob = compiled(pattern, fold=True)
        services.update(
            prefix for prefix, names in table.names().items() if any(glob.matches(f"{prefix}:{each}") for each in names)
        )
    for prefix in sorted(services):
        service = table.service(prefix)
        if service is not None:
            found += [each for each in service.actions.values() if match_action(pattern, each.name)]
    return found


def _groups(statement: Statement, *, is_agent: bool) -> Mapping[Danger, Mapping[Needs, Sequence[str]]]:
    """The actions that a statement takes in, by danger and by what they work on."""
    found: dict[Danger, dict[Needs, list[str]]] = {}
    for each in actions_of(statement):
        danger = danger_of(each.name)
        if danger is None or (is_agent and each.name in AGENT_READS):
            continue
        needs = needs_of(each)
        if needs:
            found.setdefault(danger, {}).setdefault(needs, []).append(each.name)
    return found


def _is_everything(statement: Statement) -> bool:
    return speaks_of(statement, _ANY_ACTION) and (statement.actions or statement.not_actions) is not None


def _elsewhere(statement: Statement) -> str:
    """A resource of a service that nobody lists."""
    return next(
        iter(invented(statement, ("arn:${Partition}:anyservice:${Region}:${Account}:${Resource}",))), ON_NOTHING
    )


@lru_cache(maxsize=65_536)
def telling_first(name: str) -> tuple[bool, bool, int, str]:
    """A key that puts actions first that a reader knows, and those that give before those that take away."""
    return name not in REPRESENTATIVES, _TAKING.match(name) is not None, len(name), name
