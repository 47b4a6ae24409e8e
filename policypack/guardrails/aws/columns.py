"""The values of one condition key that a group of statements can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from .conditions import NoValueError, Value, entry_truth, text_glob
from .document import Condition, Statement
from .domains import Domain, Presence
from .glob import Glob
from .operators import TEXTUAL, Family, Operator, Quantifier, operator_of
from .regions import representatives
from .state import SearchState
from .truth import Truth
from .values_of_keys import typed_values

# Comparisons with values of the policy per step. No document that AWS takes holds more than `_MOST_REAL` values, so
# larger ones get less time.
_MOST_REAL: Final = 2_500
_FAST: Final = 16
_SLOW: Final = 4


@dataclass
class Candidate:
    """One value of a key, with the truth that the Allow and each Deny give it."""

    value: Value
    allow: Truth
    denies: tuple[Truth, ...]


Column = tuple[str, list[Candidate]]


def column_of(state: SearchState, key: str, statements: list[Statement]) -> list[Candidate]:
    """The values of one key that the statements can tell apart and the first of them, the Allow, does not rule out."""
    state.spend(len(statements) // 2)
    entries = [[each for each in statement.conditions if each.key.lower() == key] for statement in statements]
    found: dict[tuple[Truth, ...], Value] = {}
    size = sum(len(each.values) for group in entries for each in group)
    for value in _Key(state, key, state.domains(key), statements, entries).values():
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
    column = [
        Candidate(value, signature[0], signature[1:])
        for signature, value in found.items()
        if signature[0] is not Truth.NO
    ]
    if len(column) < len(found):
        state.hangs(statements[0])
    return column


@dataclass
class _Key:
    """One key with the entries, statement by statement, that test it."""

    state: SearchState
    key: str
    domain: Domain
    statements: list[Statement]
    entries: list[list[Condition]]

    def values(self) -> Iterator[Value]:
        """The values worth trying, absence first."""
        domain, known = self.domain, self.state.known
        if self.key in known and domain.only is None:
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
        quantified = sum(operator.quantifier is not Quantifier.PLAIN for _, _, operator in self.operators())
        if quantified > 1 and domain.several:
            # A set operator asks for at most one value of its own, so two of them are met by at most two values.
            yield from combinations(singles, 2)
            if quantified > 2:
                self.doubtful("more than two set operators on one key are not combined")

    def doubtful(self, reason: str) -> None:
        self.state.doubtful(reason, self.statements[0].path)

    def operators(self) -> Iterator[tuple[Statement, Condition, Operator]]:
        """The entries that compare values, with their operators."""
        for statement, group in zip(self.statements, self.entries, strict=True):
            for entry in group:
                operator = operator_of(entry.operator)
                if operator is not None and operator.family is not Family.NULL:
                    yield statement, entry, operator

    def singles(self) -> list[str]:
        """Single values, one for each class."""
        patterns: list[Glob] = []
        bounds: dict[Family, list[str]] = {}
        for statement, entry, operator in self.operators():
            texts = [text for text in entry.values if text is not None]
            if operator.family not in TEXTUAL:
                bounds.setdefault(operator.family, []).extend(texts)
                continue
            self.state.spend(len(texts))
            for text in texts:
                with suppress(NoValueError):
                    patterns.append(
                        text_glob(operator.family, text, self.state.lookup, variables=bool(statement.variables))
                    )
        if len(bounds) + bool(patterns) > 1:
            self.doubtful("one key is compared in several ways")
        found = self.texts(patterns) if patterns or not bounds else []
        for family, texts in bounds.items():
            found += typed_values(family, texts, fixed=self.domain.named is not None)
        return found

    def texts(self, patterns: list[Glob]) -> list[str]:
        """Texts, one for each combination of patterns that the caller may hold a value for."""
        domain = self.domain
        named = [*(found for each in patterns for found in domain.named_by(each)), *domain.excluded]
        telling = list({(each.tokens, each.fold): each for each in (*patterns, *named)}.values())
        self.state.spend(len(telling) ** 2 // 16)
        seeds = [*domain.examples, domain.stand_in(self.key), *(each.example(domain.filler) for each in patterns)]
        found, complete = representatives(telling, seeds, domain.shapes)
        if not complete:
            self.doubtful("the condition values are too tangled to compare")
        return [text for text in found if domain.admits(text, named)]
