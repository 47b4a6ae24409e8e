"""The values of one condition key that a group of statements can tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ..glob import Glob, compiled
from .conditions import (
    NoValueError,
    Value,
    entry_truth,
    single_variable,
    text_glob,
    variables_of,
    without_variables,
)
from .document import Condition, Statement
from .domains import Domain, Presence
from .operators import TEXTUAL, Family, Operator, Quantifier, operator_of
from .regions import representatives
from .state import SearchState
from .truth import Truth
from .values_of_keys import typed_values

# Comparisons with values of the policy per step. No document that AWS takes holds more than `_MOST_REAL` values, so
# larger ones get less time.
_MOST_REAL: Final = 2_500
_FAST: Final = 16
_SLOW: Final = 2
# Sets of values of one key that are tried.
_MOST_SETS: Final = 500
_MIXED: Final = "one key is compared in several ways"
_TANGLED: Final = "the condition values are too tangled to compare"
_MANY_SETS: Final = "the set operators on one key have too many combinations to try them all"


@dataclass
class Candidate:
    """One value of a key, with the truth that the required statements together and each forbidden one give it."""

    value: Value
    required: Truth
    forbidden: tuple[Truth, ...]


Column = tuple[str, list[Candidate]]


Entries = Mapping[str, tuple[Condition, ...]]


def entries_of(statement: Statement) -> Entries:
    """The conditions of a statement by key, in lower case."""
    found: dict[str, tuple[Condition, ...]] = {}
    for condition in statement.conditions:
        key = condition.key.lower()
        found[key] = (*found.get(key, ()), condition)
    return found


def column_of(
    state: SearchState,
    key: str,
    required: Sequence[Statement],
    forbidden: Sequence[Statement],
    by_key: Sequence[Entries],
) -> list[Candidate]:
    """The values of one key that the statements can tell apart and that no required one rules out.

    `by_key` are the conditions of the statements, those of the required ones first.
    """
    statements = [*required, *forbidden]
    state.spend(len(statements) // 2)
    entries = [each.get(key, ()) for each in by_key]
    found: dict[tuple[Truth, ...], Value] = {}
    size = sum(len(each.values) for group in entries for each in group)
    for value in _Key(state, key, state.domains(key), statements, entries, len(required)).values():
        state.spend(1 + size // (_SLOW if size > _MOST_REAL else _FAST))
        signature = tuple(
            [
                min(
                    [entry_truth(each, value, state.lookup, variables=statement.variables) for each in group],
                    default=Truth.YES,
                )
                for statement, group in zip(statements, entries, strict=True)
            ]
        )
        found.setdefault(signature, value)
    count = len(required)
    column = [
        Candidate(value, min(signature[:count]), signature[count:])
        for signature, value in found.items()
        if Truth.NO not in signature[:count]
    ]
    if len(column) < len(found):
        for statement in required:
            state.hangs(statement)
    return column


@dataclass
class _Key:
    """One key with the entries, statement by statement, that test it; the first `required` statements must match."""

    state: SearchState
    key: str
    domain: Domain
    statements: list[Statement]
    entries: list[tuple[Condition, ...]]
    required: int

    def values(self) -> Iterator[Value]:
        """The values worth trying, absence first."""
        domain, known = self.domain, self.state.known
        if self.key in known:
            yield known[self.key]
            return
        if domain.presence is not Presence.ALWAYS:
            yield None
        if domain.presence is Presence.NEVER:
            return
        if domain.only is not None:
            yield from domain.only
            return
        singles = self.singles()
        yield from singles
        if domain.several:
            yield from self.sets(singles)

    def sets(self, singles: list[str]) -> Iterator[Value]:
        """Several values at once, as many as the set operators may ask for."""
        asked = 0
        for index, (_, _, operator) in self.operators():
            must = index < self.required
            # `ForAnyValue` asks for a value of its own where it must hold, `ForAllValues` where it must not.
            asked += operator.quantifier is (Quantifier.ANY if must else Quantifier.ALL)
        tried = 0
        for size in range(2, min(asked, len(singles)) + 1):
            for values in combinations(singles, size):
                tried += 1
                if tried > _MOST_SETS:
                    self.doubtful(_MANY_SETS)
                    return
                yield values

    def doubtful(self, reason: str) -> None:
        self.state.doubtful(reason, self.statements[0].path)

    def operators(self) -> Iterator[tuple[int, tuple[Statement, Condition, Operator]]]:
        """The entries that compare values, with their operators and the number of their statement."""
        for index, (statement, group) in enumerate(zip(self.statements, self.entries, strict=True)):
            for entry in group:
                operator = operator_of(entry.operator)
                if operator is not None and operator.family is not Family.NULL:
                    yield index, (statement, entry, operator)

    def singles(self) -> list[str]:
        """Single values, one for each class."""
        patterns: list[Glob] = []
        naming: list[Glob] = []
        callers: list[Glob] = []
        bounds: dict[Family, list[str]] = {}
        for _, (statement, entry, operator) in self.operators():
            texts = [text for text in entry.values if text is not None]
            if operator.family not in TEXTUAL:
                bounds.setdefault(operator.family, []).extend(texts)
                continue
            self.state.spend(len(texts) // _SLOW)
            for text in texts:
                with suppress(NoValueError):
                    pattern = text_glob(operator.family, text, self.state.lookup, variables=bool(statement.variables))
                    patterns.append(pattern)
                    # What a variable puts in is not named by the document, unless it is the owner's.
                    keys = variables_of(text) if statement.variables else ()
                    named = all(self.state.domains(key).owners for key in keys)
                    naming.append(pattern if named else compiled(without_variables(text), fold=pattern.fold))
                    if self.domain.owners and self._is_of_the_caller(text, keys):
                        callers.append(pattern)
        if len(bounds) + bool(patterns) > 1:
            self.doubtful(_MIXED)
        found = self.texts(patterns, naming) if patterns or not bounds else []
        # What such a key holds is no value of the resource's owner.
        found = [text for text in found if not any(each.matches(text) for each in callers)]
        for family, texts in bounds.items():
            found += typed_values(family, texts, fixed=self.domain.named is not None)
        return found

    def _is_of_the_caller(self, text: str, keys: Sequence[str]) -> bool:
        """Whether a text is one variable, and that a trusted key of the caller; one with a default may be that."""
        if len(keys) != 1 or single_variable(text) != ("", "") or "," in text:
            return False
        domain = self.state.domains(keys[0])
        return domain.named is not None and not domain.owners

    def texts(self, patterns: list[Glob], naming: list[Glob]) -> list[str]:
        """Texts, one for each combination of patterns that the caller may hold a value for; `naming` are the patterns
        by which the document names values."""
        domain = self.domain
        named: dict[Glob, None] = dict.fromkeys(domain.excluded)
        open_ones: list[Glob] = []
        for pattern, by_name in zip(patterns, naming, strict=True):
            whose = domain.named_by(by_name)
            named.update(dict.fromkeys(whose))
            # What matches a pattern whose texts are all named is no value of the caller's.
            if not any(each.covers(pattern) for each in whose):
                open_ones.append(pattern)
        telling = list(dict.fromkeys((*open_ones, *named)))
        seeds = [*domain.examples, domain.stand_in(self.key), *(each.example(domain.filler) for each in open_ones)]
        if named and not open_ones and not domain.shapes:
            # One value that nobody names stands for all of them.
            free = next((text for text in seeds if domain.admits(text, list(named))), None)
            if free is not None:
                return [free]
        found, complete = representatives(telling, seeds, domain.shapes, spend=self.state.spend)
        if not complete:
            self.doubtful(_TANGLED)
        values = [text for text in found if domain.admits(text, list(named))]
        # Tags and the like may be empty; what tells whose the caller is may not, and AWS takes an empty set for none.
        sets = any(operator.quantifier is not Quantifier.PLAIN for _, (_, _, operator) in self.operators())
        return values if sets or domain.named is not None or domain.shapes else [*values, ""]
