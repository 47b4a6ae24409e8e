"""What the Allow statements of one identity document grant on resources that nobody named.

A statement is wide for an action where it allows the action on an invented resource of the account, in the formats of
ARN that the action works on. Partition, region and account narrow nothing, a part of the name or path does. Conditions
that the session meets or that the caller chooses narrow nothing either, those on the resource, on the service or on
parameters of the request do. What a Deny of the document takes away is not granted. Every answer is a search for a
request, whose witness replays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from . import actions as table
from .actions import Action
from .answers import No, Undecided, Yes
from .arns import format_of, pattern_of, service_segment
from .authority import Authority
from .callers import HOLDER, holder_domains
from .conditions import without_variables
from .dangers import ACCOUNT_WIDE, AGENT_CHECK_IN, AGENT_READS, REPRESENTATIVES, Danger, danger_of
from .document import Document, Effect, Statement, readable
from .domains import Domain, Domains, Presence
from .glob import Glob, compiled, has_wildcard, match_action, tokens_of
from .goals import Question, Requests
from .search import find
from .state import Budget
from .universe import is_everything

INVENTED: Final = "nobody-named-this"
ACCOUNT: Final = "555566667777"
# What real documents need is a tenth of it.
_STEPS: Final = 30_000
_PLACE: Final = re.compile(r"\$\{[^}]+\}|\*")
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_TAKING: Final = re.compile(r"[\w-]+:(Delete|Remove|Revoke|Bypass|Reset|Disable|Untag|Cancel|Stop)")
# Keys of the caller whose values cannot be the name of a resource.
_NO_NAMES: Final = frozenset({"aws:principalaccount", "aws:requestedregion", "aws:principalorgid"})
_INVENTED_VALUES: Final = (Glob(tokens_of(f"*{INVENTED}*")),)
_RESOURCE: Final = 5
_ON_NOTHING: Final = "*"
# EC2 asks for an action on several resources at once; elsewhere a type that is listed as required may be one of
# several, any of which will do.
_SEVERAL_AT_ONCE: Final = "ec2:"
_WIDEST: Final = tuple(danger for danger in Danger if danger is not Danger.METADATA)

# One resource of each of these lists of formats is needed; any format of a list will do.
Needs: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """One danger of a statement. `actions` are those of the danger that its Action and Resource take in, before what a
    Deny takes away; `formats` the forms of ARN that would name a resource of the witness's action."""

    answer: Yes | Undecided
    actions: tuple[str, ...]
    formats: tuple[str, ...]


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


def domains_of_holder(key: str) -> Domain:
    """The keys of requests by the holder of a document, none of whose names and tags is an invented one."""
    return _holder(key)


def _of(document: Document, dangers: Sequence[Danger]) -> tuple[Breadth, ...]:
    authority, budget = Authority.of((document,)), Budget(_STEPS)
    return tuple(
        _Statement(statement, authority, budget).breadth(dangers)
        for statement in document.statements
        if statement.effect is not Effect.DENY
    )


@lru_cache(maxsize=1024)
def _holder(key: str) -> Domain:
    found = holder_domains(ACCOUNT)(key)
    if found.presence is Presence.NEVER or found.only is not None or key in _NO_NAMES:
        return found
    return replace(found, excluded=(*found.excluded, *_INVENTED_VALUES))


@dataclass(frozen=True, slots=True)
class _Statement:
    statement: Statement
    authority: Authority
    budget: Budget

    def breadth(self, dangers: Sequence[Danger]) -> Breadth:
        statement = self.statement
        if not _may_be_wide(statement):
            return Breadth(statement, None, {})
        everything = (
            self.ask(("anyservice:AnyAction",), (_elsewhere(statement),)) if _is_everything(statement) else None
        )
        groups = _groups(statement)
        found: dict[Danger, Reach] = {}
        for danger in dangers:
            reach = self.reach(groups.get(danger, {}))
            if reach is not None:
                found[danger] = reach
        return Breadth(statement, everything, found)

    def reach(self, by_needs: Mapping[Needs, Sequence[str]]) -> Reach | None:
        """The first request that is allowed of the actions of one danger, else the first doubt."""
        doubt: Reach | None = None
        wide = [(needs, names, self.resources(needs)) for needs, names in by_needs.items()]
        wide = [each for each in wide if each[2]]
        actions = tuple(chain.from_iterable(names for _, names, _ in wide))
        for needs, names, resources in wide:
            # Readable actions come first; the search takes them in this order.
            answer = self.ask(tuple(sorted(names, key=telling_first)), resources)
            if answer is not None:
                found = Reach(answer, actions, tuple(each for formats in needs for each in formats))
                if isinstance(answer, Yes):
                    return found
                doubt = doubt or found
        return doubt

    def resources(self, needs: Needs) -> tuple[str, ...]:
        """Invented resources that the statement takes in; none where it is not wide for one that is needed."""
        listed = [tuple(dict.fromkeys(_invented(self.statement, formats))) for formats in needs]
        return listed[0] if all(listed) else ()

    def ask(self, names: tuple[str, ...], resources: tuple[str, ...]) -> Yes | Undecided | None:
        statement = self.statement
        question = Question(self.authority, only=lambda each: each is statement)
        requests = Requests(HOLDER, domains_of_holder, names, resources, account=ACCOUNT)
        answer = find(question, requests, budget=self.budget)
        return None if isinstance(answer, No) else answer


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
    question = Question(Authority.of((document,)), only=lambda each: each is statement)
    requests = Requests(HOLDER, domains, names, resources, account=ACCOUNT)
    answer = find(question, requests, budget=Budget(_STEPS))
    return None if isinstance(answer, No) else answer


def granted_widely(document: Document, statement: Statement, name: str, domains: Domains) -> Yes | Undecided | None:
    """A request for one listed action that one statement of a document allows on a resource that nobody named."""
    action = table.action(name)
    if action is None or not speaks_of(statement, name):
        return None
    listed = [tuple(_invented(statement, formats)) for formats in needs_of(action)]
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


def _groups(statement: Statement) -> Mapping[Danger, Mapping[Needs, Sequence[str]]]:
    """The actions that a statement takes in, by danger and by what they work on."""
    found: dict[Danger, dict[Needs, list[str]]] = {}
    listed = actions_of(statement)
    of_agent = any(each.name == AGENT_CHECK_IN for each in listed)
    for each in listed:
        danger = danger_of(each.name)
        if danger is None or (of_agent and each.name in AGENT_READS):
            continue
        needs = needs_of(each)
        if needs:
            found.setdefault(danger, {}).setdefault(needs, []).append(each.name)
    return found


@lru_cache(maxsize=65_536)
def needs_of(action: Action) -> Needs:
    """The formats that an action needs resources of; none where nothing narrower than `*` can be asked for."""
    service = table.service(action.name.partition(":")[0])
    if not action.resources or service is None:
        return ((_ON_NOTHING,),) if action.name in ACCOUNT_WIDE else ()
    types = [use.type for use in action.resources if use.required] or [use.type for use in action.resources]
    lists = [tuple(each for each in service.resource_types.get(type_, ()) if _may_be_named(each)) for type_ in types]
    lists = [each for each in lists if each]
    if action.name.startswith(_SEVERAL_AT_ONCE) and any(use.required for use in action.resources):
        return tuple(lists)
    return (tuple(sorted(chain.from_iterable(lists), key=len)),) if lists else ()


def _may_be_named(format_: str) -> bool:
    """Whether there can be several resources of a format in one account and region."""
    return _PLACE.search(_resource_part(format_)) is not None


def _resource_part(text: str) -> str:
    parts = text.split(":", _RESOURCE)
    return parts[_RESOURCE] if len(parts) > _RESOURCE else ""


@lru_cache(maxsize=16_384)
def _invented_format(format_: str) -> str:
    *head, last = format_.split(":", _RESOURCE)
    return ":".join((*head, _PLACE.sub(INVENTED, last)))


def _invented(statement: Statement, formats: tuple[str, ...]) -> Iterator[str]:
    """Invented resources of some formats that the patterns of a statement take in."""
    for format_ in formats:
        if statement.resources is None:
            yield _example(format_)
            continue
        for text in statement.resources:
            if text is None:
                yield _example(format_)
            else:
                found = _taken_in(text, format_)
                if found is not None:
                    yield found


def _example(format_: str) -> str:
    return _ON_NOTHING if format_ == _ON_NOTHING else format_of(_invented_format(format_), ACCOUNT).example


@lru_cache(maxsize=65_536)
def _taken_in(pattern: str, format_: str) -> str | None:
    """An invented resource of a format that a pattern takes in; its partition, region and account are the pattern's."""
    if "${" in pattern:
        *head, last = pattern.split(":", _RESOURCE)
        # What a variable stands for in the name is the holder's own, such as its user name.
        pattern = ":".join((*map(without_variables, head), _VARIABLE.sub("own", last)))
    plain = pattern_of(pattern)
    if format_ == _ON_NOTHING:
        return _ON_NOTHING if plain.everything else None
    return plain.common(format_of(_invented_format(format_), ACCOUNT))


def _may_be_wide(statement: Statement) -> bool:
    """Whether any resource pattern leaves the end of the name open, or cannot be read."""
    return statement.resources is None or any(
        text is None or "*" in text or "?" in text or "${" in text for text in statement.resources
    )


def _is_everything(statement: Statement) -> bool:
    return speaks_of(statement, "anyservice:AnyAction") and (statement.actions or statement.not_actions) is not None


def _elsewhere(statement: Statement) -> str:
    """A resource of a service that nobody lists."""
    return next(
        iter(_invented(statement, ("arn:${Partition}:anyservice:${Region}:${Account}:${Resource}",))), _ON_NOTHING
    )


def telling_first(name: str) -> tuple[bool, bool, int, str]:
    """A key that puts actions first that a reader knows, and those that give before those that take away."""
    return name not in REPRESENTATIVES, _TAKING.match(name) is not None, len(name), name
