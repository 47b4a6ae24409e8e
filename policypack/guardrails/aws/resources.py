"""The resources that a group of statements can tell apart, among those that an action works on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NoReturn

from ..glob import overlapping
from ..values import has_stand_in
from .arns import ArnPattern, Format, format_of, pattern_of, pattern_of_tokens
from .authority import Placed
from .conditions import NoValueError, pattern_tokens, without_variables
from .document import Kind, Statement, Text, readable
from .evaluate import resource_match
from .regions import TangledError, representatives
from .state import SearchState
from .truth import Truth

_ELSEWHERE: Final = "arn:${Partition}:anyservice:${Region}:${Account}:${AnyResource}"
_EVERYTHING: Final = pattern_of("*")
_ANY_ARN: Final = pattern_of("arn:*")
_ON_NOTHING: Final = "*"
_TANGLED: Final = "the resource patterns are too tangled to compare"
# Matching a long text against a long pattern takes as many characters times tokens per step.
_LONG: Final = 65_536
# Pairs of patterns that are compared to tell at a glance whether two statements meet.
_GLANCE: Final = 4_096


def nothing(_key: str) -> NoReturn:
    """A lookup for texts whose variables are not to be filled in."""
    raise NoValueError


def may_meet(statement: Statement, kind: Kind, resource: str) -> bool:
    """Whether a statement, whatever its variables stand for, may speak of a resource."""
    texts = readable(statement.resources, statement.not_resources)
    if not statement.variables or not any("${" in text for text in texts):
        return resource_match(statement, kind, resource, nothing) is not Truth.NO
    if kind is Kind.TRUST or statement.resources is None or None in statement.resources:
        return True
    patterns = map(pattern_of, map(without_variables, readable(statement.resources)))
    return any(each.whole.matches(resource) or each.segmented.matches(resource) for each in patterns)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The patterns of one element: as written, each with whether it holds variables; compiled with `*` for each
    variable; and those of them that hold none."""

    texts: tuple[tuple[str, bool], ...]
    patterns: tuple[ArnPattern, ...]
    exact: tuple[ArnPattern, ...]
    # Whether all could be read, variables left aside.
    read: bool

    @property
    def everything(self) -> bool:
        return any(each.everything for each in self.exact)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The resource patterns of a statement, looked at before the variables have values."""

    positive: _Listed | None
    negative: _Listed | None

    def apart(self, other: Patterns) -> bool:
        """Whether no resource can match both. False may miss it."""
        mine, theirs = self.positive, other.positive
        if mine is None or theirs is None or not (mine.read and theirs.read):
            return False
        if len(mine.patterns) * len(theirs.patterns) > _GLANCE:
            return False
        exact = len(mine.exact) == len(mine.patterns) and len(theirs.exact) == len(theirs.patterns)
        meet = ArnPattern.overlaps if exact else _may_meet
        return not any(meet(one, two) for one in mine.patterns for two in theirs.patterns)

    def cover_one_of(self, others: Iterable[Patterns]) -> bool:
        """Whether every resource of one of the others matches here for certain. False may miss it."""
        if self.positive is None and self.negative is None:
            return True
        return any(self._cover(other) for other in others)

    def _cover(self, other: Patterns) -> bool:
        if self.positive is not None and self.positive.everything:
            return self.negative is None
        if self.positive is None and self.negative is not None and self.negative == other.negative:
            return self.negative.read
        theirs = other.positive
        if theirs is None or not theirs.read:
            return False
        if self.negative is not None:
            return (
                self.positive is None
                and self.negative.read
                and len(self.negative.patterns) * len(theirs.patterns) <= _GLANCE
                and not any(_may_meet(one, two) for one in self.negative.patterns for two in theirs.patterns)
            )
        mine = self.positive
        if mine is None or len(mine.exact) * len(theirs.patterns) > _GLANCE:
            return False
        # A text with variables is covered by the same text, and by what covers it whatever they stand for.
        return all(
            text in mine.texts or any(one.covers(two) for one in mine.exact)
            for text, two in zip(theirs.texts, theirs.patterns, strict=True)
        )


def _may_meet(a: ArnPattern, b: ArnPattern) -> bool:
    """Whether some resource matches both, even if only across the borders of segments."""
    return a.overlaps(b) or overlapping(a.whole, b.whole)


def patterns_of(statement: Statement) -> Patterns:
    """The patterns of a statement, remembered by their texts."""
    return _patterns(statement.resources, statement.not_resources, statement.variables)


@lru_cache(maxsize=16_384)
def _patterns(
    resources: tuple[Text, ...] | None,
    excluded: tuple[Text, ...] | None,
    variables: bool | None,  # noqa: FBT001
) -> Patterns:
    def listed(texts: tuple[Text, ...] | None) -> _Listed | None:
        if texts is None:
            return None
        known = tuple(
            dict.fromkeys((text, variables is not False and "${" in text) for text in texts if text is not None)
        )
        # Whether a text holds variables may be unknown too.
        in_doubt = variables is None and any(tied for _, tied in known)
        return _Listed(
            tuple(each for each in known if not (variables is None and each[1])),
            tuple(pattern_of(without_variables(text) if tied else text) for text, tied in known),
            tuple(pattern_of(text) for text, tied in known if not tied),
            None not in texts and not in_doubt,
        )

    return Patterns(listed(resources), listed(excluded))


class Resources:
    """The resources that required and forbidden statements tell apart, with the variables that the search has set."""

    def __init__(
        self, state: SearchState, required: Sequence[Placed], forbidden: Sequence[Placed], account: str
    ) -> None:
        self.state = state
        self.account = account
        self.path = required[0].statement.path
        listed = [self._filled(each.statement.resources, each.statement) for each in required]
        bounded = next((each for each in listed if each is not None and not any(one.everything for one in each)), None)
        self.bases = bounded if bounded is not None else [_EVERYTHING]
        telling: dict[ArnPattern, None] = {}
        for each in (*required, *forbidden):
            for texts in (each.statement.resources, each.statement.not_resources):
                for pattern in self._filled(texts, each.statement) or ():
                    if not pattern.everything:
                        telling.setdefault(pattern)
        self.telling = list(telling)

    def _filled(self, texts: tuple[Text, ...] | None, statement: Statement) -> list[ArnPattern] | None:
        """The patterns with variables filled in; one that cannot be read may be anything."""
        if texts is None:
            return None
        found: list[ArnPattern] = []
        for text in texts:
            self.state.spend()
            if text is None:
                found.append(_EVERYTHING)
            elif statement.variables and "${" in text:
                self.state.spend(8)
                try:
                    found.append(pattern_of_tokens(pattern_tokens(text, self.state.lookup)))
                except NoValueError:
                    continue
            else:
                found.append(pattern_of(text))
        return found

    def texts(self, formats: tuple[str, ...] | None, *, elsewhere: bool) -> Iterator[str]:
        """Resources of these formats; of any where they are not known (`None`), of no listed service for `elsewhere`.

        Readable ones that the required statements name come first; then one for each class that makes a difference.
        """
        seen: set[str] = set()
        for base in self.bases:
            if formats is None and not elsewhere:
                texts = self._of_any_format(base)
            elif base.segments:
                known = formats if formats is not None else (_ELSEWHERE, _ON_NOTHING)
                texts = chain.from_iterable(self._of_format(base, each) for each in known or (_ON_NOTHING,))
            else:
                texts = self._opaque(base, formats)
            try:
                for text in chain(texts, self._across(base, formats or ())):
                    if text not in seen:
                        seen.add(text)
                        yield text
            except TangledError:
                self.state.doubtful(_TANGLED, self.path)

    def _of_any_format(self, base: ArnPattern) -> Iterator[str]:
        """Resources of an action of which it is not known what it works on."""
        seed = format_of(_ELSEWHERE, self.account).example if base.everything else base.example()
        yield seed
        yield from self._telling_apart(_ANY_ARN if base.everything else base, None, seed)
        if base.everything:
            yield _ON_NOTHING

    def _opaque(self, base: ArnPattern, formats: tuple[str, ...] | None) -> Iterator[str]:
        """A resource named by something computed, which may be of any format."""
        text = base.whole.example("any-object")
        if has_stand_in(text) and formats != ():
            yield text
            yield from self._telling_apart(base, None, text)

    def _of_format(self, base: ArnPattern, text: str) -> Iterator[str]:
        self.state.spend(1 + len(base.whole.tokens) ** 2 // _LONG)
        if text == _ON_NOTHING:
            if base.everything:
                yield text
            return
        format_ = format_of(text, self.account)
        common = base.common(format_)
        if common is not None:
            yield common
            yield from self._telling_apart(base, format_, common)

    def _across(self, base: ArnPattern, formats: tuple[str, ...]) -> Iterator[str]:
        """A resource that too short a pattern matches only if a wildcard takes in a colon, which is in doubt."""
        for text in formats if base.short else ():
            format_ = format_of(text, self.account)
            if text != _ON_NOTHING and base.common(format_) is None and overlapping(base.whole, format_.pattern.whole):
                found, complete = representatives(
                    (), (), within=(base.whole, format_.pattern.segmented), spend=self.state.spend
                )
                if not complete:
                    raise TangledError
                yield from found[:1]

    def _telling_apart(self, base: ArnPattern, format_: Format | None, seed: str) -> Iterator[str]:
        """Further resources that match the base, one for each class that other patterns make."""
        bounds = [base] if format_ is None else [base, format_.pattern]
        partial = [
            each
            for each in self.telling
            if all(each.overlaps(bound) for bound in bounds) and not any(each.covers(bound) for bound in bounds)
        ]
        self.state.spend(len(self.telling))
        if not partial:
            return
        seeds = [seed, *(each.example() for each in partial)]
        if format_ is not None:
            seeds += [text for each in partial if (text := each.common(format_)) is not None]
        within = [bound.segmented for bound in bounds if not bound.everything]
        found, complete = representatives(
            [each.segmented for each in partial], seeds, within=within, spend=self.state.spend
        )
        yield from (each for each in found if format_ is None or format_.takes(each))
        if not complete:
            self.state.doubtful(_TANGLED, self.path)
