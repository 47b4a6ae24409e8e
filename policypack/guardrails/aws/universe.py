"""The actions that a set of statements can tell apart, as bits of one integer.

The universe holds the listed actions of every service that the statements name, each action that they spell out though
nobody lists it, and one action of a service that nobody lists, so that what `NotAction` leaves over is not lost. Within
a listed service the action table is taken to be complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ..glob import compiled, has_wildcard, overlapping
from . import actions as table
from .authority import Placed, Wording
from .document import Kind, Text, is_action
from .evaluate import Principal, action_truth
from .regions import representatives
from .truth import Truth

_UNLISTED: Final = ("anyservice:AnyAction", "otherservice:AnyAction", "unlistedservice:AnyAction")
_ACTION: Final = compiled("?*:?*", fold=True)
_SERVICE: Final = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The actions that a statement speaks of for certain, those that it may speak of, and those that it spells out."""

    sure: int
    may: int
    spelled: int = 0


@dataclass(frozen=True, slots=True)
class SameFormats:
    """Actions of one service that work on the same formats of ARN, as bits from the number `first` on.

    Without a format they work on no resource; `None` where the table does not tell.
    """

    first: int
    mask: int
    formats: tuple[str, ...] | None


def is_everything(pattern: str) -> bool:
    """Whether a pattern stands for every action."""
    return "*" in pattern and not pattern.strip("*:") and pattern.count(":") <= 1


@dataclass
class Universe:
    """Actions by number: `names` in proper case, those of one service side by side."""

    names: list[str] = field(default_factory=list)
    # How dangerous each is by its access level; -1 where it is not listed.
    ranks: list[int] = field(default_factory=list)
    # The first number of each service.
    first: dict[str, int] = field(default_factory=dict)
    # Numbers of the actions that no service lists.
    unlisted: dict[str, int] = field(default_factory=dict)
    # Whether no action is missing that the statements tell apart.
    complete: bool = True
    # What no listed service holds, so that a resource of a listed one is none of its own.
    nobody: str = ""
    _masks: dict[str, int] = field(default_factory=dict)

    @classmethod
    def fixed(cls, names: Sequence[str]) -> Universe:
        """Exactly these actions."""
        found = cls()
        for name in names:
            found._add_unlisted(name)
        return found

    @classmethod
    def of(cls, wording: Wording, hints: tuple[str, ...]) -> Universe:
        """The actions that the statements tell apart. Where a statement speaks of every action, or of all but some,
        the services whose ARNs the statements name are in, and those of `hints`."""
        return _universe(wording, hints)

    @classmethod
    def built(cls, wording: Wording, hints: Sequence[str]) -> Universe:
        """`of`, not remembered."""
        found = cls()
        distinct = [pattern for pattern in wording.actions if is_action(pattern)]
        unsettled: list[str] = []
        everything = wording.excluding
        for pattern in distinct:
            head, _, _ = pattern.partition(":")
            if is_everything(pattern):
                everything = True
            elif ":" in pattern and not has_wildcard(head):
                if not found._add_service(head):
                    unsettled.append(pattern)
            else:
                unsettled.append(pattern)
                for prefix in _services_of(pattern):
                    found._add_service(prefix)
        if everything:
            # A lone `*` names no service.
            for segment in (each for each in wording.arn_services if each.strip("*")):
                prefixes = table.services_of_arn(segment)
                for prefix in prefixes:
                    found._add_service(prefix)
                # One of the services works on the ARNs of all others.
                name = compiled(segment).example("any")
                if len(prefixes) <= 1 and table.service(name) is None and _SERVICE.fullmatch(name):
                    found._add_unlisted(f"{name}:AnyAction")
            for hint in hints:
                found._add_service(hint.partition(":")[0])
        found._spell_out(distinct)
        found._add_elsewhere(unsettled)
        return found

    def _add_service(self, prefix: str) -> bool:
        service = table.service(prefix)
        if service is None:
            return False
        if service.prefix not in self.first:
            self.first[service.prefix] = len(self.names)
            names, ranks = _listing(service.prefix)
            self.names += names
            self.ranks += ranks
        return True

    def _add_unlisted(self, name: str) -> None:
        if name.lower() not in self.unlisted:
            self.unlisted[name.lower()] = len(self.names)
            self.names.append(name)
            self.ranks.append(table.rank(name))

    def _spell_out(self, patterns: Sequence[str]) -> None:
        """Add an action for each pattern of a listed service that no listed action matches."""
        for pattern in patterns:
            head = pattern.partition(":")[0]
            service = None if has_wildcard(head) else table.service(head)
            if service is not None and not _service_mask(
                service.prefix, pattern.partition(":")[2].lower(), whole=False
            ):
                self._add_unlisted(compiled(pattern).example("Action"))

    def _add_elsewhere(self, unsettled: Sequence[str]) -> None:
        """Add actions of services that nobody lists."""
        patterns = [compiled(pattern, fold=True) for pattern in unsettled]
        nobody = next((each for each in _UNLISTED if not any(glob.matches(each) for glob in patterns)), _UNLISTED[-1])
        self.nobody = nobody.partition(":")[0]
        seeds = (nobody, *(compiled(pattern).example("Action") for pattern in unsettled))
        found, self.complete = representatives(patterns, [each for each in seeds if ":" in each], within=[_ACTION])
        for name in found:
            if table.service(name.partition(":")[0]) is None:
                self._add_unlisted(name)
        self._add_unlisted(nobody)

    @property
    def all(self) -> int:
        """Every action."""
        return (1 << len(self.names)) - 1

    def is_nobodys(self, name: str) -> bool:
        """Whether an action belongs to a service that neither the table nor the statements name."""
        return name.partition(":")[0] == self.nobody

    def mask(self, pattern: str) -> int:
        """The actions that a pattern matches."""
        known = self._masks.get(pattern)
        if known is None:
            known = self._masks[pattern] = self._mask(pattern)
        return known

    def _mask(self, pattern: str) -> int:
        if not is_action(pattern):
            return 0
        if is_everything(pattern):
            return self.all
        found = 0
        head, colon, bare = pattern.lower().partition(":")
        # A name has one colon, so that one of the pattern can only stand for it.
        if colon and not has_wildcard(head):
            if head in self.first:
                found = _service_mask(head, bare, whole=False) << self.first[head]
        else:
            of_service = compiled(head, fold=True)
            for prefix, first in self.first.items():
                if not colon:
                    found |= _service_mask(prefix, pattern, whole=True) << first
                elif of_service.matches(prefix):
                    found |= _service_mask(prefix, bare, whole=False) << first
        if not has_wildcard(pattern):
            number = self.unlisted.get(pattern.lower())
            found |= 0 if number is None else 1 << number
        elif self.unlisted:
            glob = compiled(pattern, fold=True)
            for name, number in self.unlisted.items():
                if glob.matches(name):
                    found |= 1 << number
        return found

    def spoken(self, placed: Placed, principal: Principal) -> Spoken:
        """The actions that a statement speaks of, for that principal."""
        statement = placed.statement
        positive, negative = self._listed(statement.actions), self._listed(statement.not_actions)
        if negative is not None:
            negative = Spoken(self.all & ~negative.may, self.all & ~negative.sure)
        if positive is None:
            found = negative or Spoken(0, 0)
        elif negative is None:
            found = positive
        else:
            found = Spoken(positive.sure & negative.sure, positive.may | negative.may)
        if placed.kind is Kind.TRUST and found.may:
            open_ = 0
            for number in numbers(found.may):
                if action_truth(statement, placed.kind, principal, self.names[number]) is not Truth.NO:
                    open_ |= 1 << number
            found = Spoken(found.sure & open_, found.may & open_, found.spelled & open_)
        return found

    def _listed(self, patterns: tuple[Text, ...] | None) -> Spoken | None:
        if patterns is None:
            return None
        sure = spelled = 0
        for pattern in patterns:
            if pattern is not None:
                mask = self.mask(pattern)
                sure |= mask
                spelled |= 0 if has_wildcard(pattern) else mask
        return Spoken(sure, self.all if None in patterns else sure, spelled)

    def names_of(self, actions: SameFormats) -> tuple[str, ...]:
        """The names of actions."""
        return tuple([self.names[actions.first + bit] for bit in numbers(actions.mask)])

    def by_formats(self, actions: int) -> Iterator[SameFormats]:
        """Some actions, cut by the formats of ARN that they work on."""
        for prefix, first in self.first.items():
            own = actions >> first & ((1 << _size(prefix)) - 1)
            if own:
                for each in _by_formats(prefix):
                    if own & each.mask:
                        yield SameFormats(first, own & each.mask, each.formats)
        for name, number in self.unlisted.items():
            if actions >> number & 1:
                yield SameFormats(number, 1, formats_of(name))


@lru_cache(maxsize=32)
def _universe(wording: Wording, hints: tuple[str, ...]) -> Universe:
    return Universe.built(wording, hints)


@lru_cache(maxsize=1024)
def _listing(prefix: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of a service's actions, and how dangerous each is."""
    service = table.service(prefix)
    actions = () if service is None else tuple(service.actions.values())
    return tuple(action.name for action in actions), tuple(table.DANGER.index(action.level) for action in actions)


def numbers(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def formats_of(name: str) -> tuple[str, ...] | None:
    """The formats of ARN that an action works on, none if it works on no resource; `None` where it is not listed."""
    action = table.action(name)
    service = table.service(name.partition(":")[0])
    return None if action is None or service is None else _formats(service, action)


def _formats(service: table.Service, action: table.Action) -> tuple[str, ...]:
    formats = {
        each: (not use.required, len(each))
        for use in action.resources
        for each in service.resource_types.get(use.type, ())
    }
    # What an action needs, and what is short, comes first, as it makes the better witness.
    return tuple(sorted(formats, key=formats.__getitem__))


@lru_cache(maxsize=1024)
def _by_formats(prefix: str) -> tuple[SameFormats, ...]:
    service = table.service(prefix)
    found: dict[tuple[str, ...], int] = {}
    if service is not None:
        for number, action in enumerate(service.actions.values()):
            formats = _formats(service, action)
            found[formats] = found.get(formats, 0) | 1 << number
    return tuple(SameFormats(0, mask, formats) for formats, mask in found.items())


@lru_cache(maxsize=1024)
def _numbers(prefix: str) -> Mapping[str, int]:
    """The actions of a service, by bare name in lower case, numbered from nought."""
    service = table.service(prefix)
    return {} if service is None else {name: number for number, name in enumerate(service.actions)}


def _size(prefix: str) -> int:
    return len(_numbers(prefix))


@lru_cache(maxsize=65_536)
def _service_mask(prefix: str, pattern: str, *, whole: bool) -> int:
    """The actions of one service, numbered from nought, whose bare name, or `whole` name, a pattern matches."""
    names = _numbers(prefix)
    glob = compiled(pattern, fold=True)
    if whole:
        matching = [number for name, number in names.items() if glob.matches(f"{prefix}:{name}")]
    elif glob.literal is not None:
        matching = [names[glob.literal]] if glob.literal in names else []
    elif glob.prefix == "":
        return (1 << len(names)) - 1
    else:
        matching = [number for name, number in names.items() if glob.matches(name)]
    found = 0
    for number in matching:
        found |= 1 << number
    return found


@lru_cache(maxsize=4096)
def _services_of(pattern: str) -> tuple[str, ...]:
    """The listed services of whose actions a pattern with a wildcard in the service may speak."""
    head, colon, _ = pattern.partition(":")
    if colon:
        of_service = compiled(head, fold=True)
        return tuple(prefix for prefix in table.services() if of_service.matches(prefix))
    glob = compiled(pattern, fold=True)
    return tuple(prefix for prefix in table.services() if overlapping(glob, compiled(f"{prefix}:?*", fold=True)))
