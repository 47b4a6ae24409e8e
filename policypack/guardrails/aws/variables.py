"""Values for the condition keys that policy variables stand for.

A variable ties one key to the resource or to another key. Its value is chosen first, one for each class that anything
it is compared with can tell apart; what is tied to it follows. Where no such list is known to be complete, refusals
that hang on the variable stay in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Final

from ..glob import Glob, compiled, has_wildcard
from .conditions import NoValueError, Value, single_variable, text_glob, variables_of
from .document import Statement, readable
from .domains import Presence
from .operators import TEXTUAL, Family, operator_of
from .regions import representatives
from .state import SearchState, variable_keys
from .values_of_keys import typed_values

_MOST: Final = 48
_RESOURCE: Final = ""


def choices(
    state: SearchState, statements: Sequence[Statement], resources: Sequence[str]
) -> Iterator[dict[str, Value]]:
    """Values for all keys that the variables of the statements stand for; one empty choice where there is none.

    `resources` are those that are asked about, if only some are.
    """
    keys = sorted({key for statement in statements for key in variable_keys(statement)})
    if not keys:
        state.loose = frozenset()
        yield {}
        return
    ties = _Ties(state, statements, resources)
    columns: list[list[Value]] = []
    loose: set[str] = set()
    state.spend(len(keys) ** 2 // 8)
    for key in keys:
        related = [state.domains(other).stand_in(other) for other in keys if ties.related(key, other)]
        values, complete = ties.values(key, related)
        columns.append(values)
        if not complete:
            loose.add(key)
    tried = 0
    for chosen in islice(product(*columns), _MOST):
        tried += 1
        state.loose = frozenset(loose)
        yield dict(zip(keys, chosen, strict=True))
    total = 1
    for column in columns:
        total *= len(column)
    if total > tried:
        state.doubtful("its policy variables have too many combinations to try them all", statements[0].path)


@dataclass
class _Ties:
    """What the values of variables are compared with, by the key they are compared under."""

    state: SearchState
    statements: Sequence[Statement]
    resources: Sequence[str]
    patterns: dict[str, list[Glob]] = field(default_factory=dict)
    bounds: dict[str, list[tuple[Family, str]]] = field(default_factory=dict)
    # For each variable: the key it is compared under, and the texts before and after it; `None` where there is more.
    templates: dict[str, list[tuple[str, tuple[str, str] | None]]] = field(default_factory=dict)
    # For each variable the keys it is compared under, and all of these.
    compared: dict[str, set[str]] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.patterns[_RESOURCE] = [compiled(each) for each in self.resources if not has_wildcard(each)]
        for statement in self.statements:
            for text in readable(statement.resources, statement.not_resources):
                self.add(_RESOURCE, Family.PATTERN, text, statement)
            for condition in statement.conditions:
                operator = operator_of(condition.operator)
                for value in condition.values:
                    if operator is not None and value is not None:
                        self.add(condition.key.lower(), operator.family, value, statement)
        self.compared = {name: {target for target, _ in found} for name, found in self.templates.items()}
        self.targets = set().union(*self.compared.values())

    def add(self, key: str, family: Family, text: str, statement: Statement) -> None:
        self.state.spend()
        if family is Family.NULL:
            return
        if family not in TEXTUAL:
            self.bounds.setdefault(key, []).append((family, text))
            return
        names = variables_of(text) if statement.variables is not False else ()
        if not names:
            with suppress(NoValueError):
                self.patterns.setdefault(key, []).append(text_glob(family, text, self.state.lookup, variables=False))
            return
        around = single_variable(text) if len(names) == 1 else None
        wild = family in (Family.PATTERN, Family.ARN)
        if around is not None and wild and any(map(has_wildcard, around)):
            around = None
        for name in names:
            self.templates.setdefault(name, []).append((key, around))

    def related(self, key: str, other: str) -> bool:
        """Whether two variables are compared under one key, or one with the other, so that their equality matters."""
        mine, theirs = self.compared.get(key, set()), self.compared.get(other, set())
        return not mine.isdisjoint(theirs) or other in mine or key in theirs

    def values(self, key: str, shared: Sequence[str]) -> tuple[list[Value], bool]:
        """The values of one variable that are worth trying, and whether they are all that can be told apart.

        `shared` are the values of the variables that are related to it.
        """
        domain = self.state.domains(key)
        if domain.presence is Presence.NEVER:
            return [None], True
        absent: list[Value] = [] if domain.presence is Presence.ALWAYS else [None]
        if domain.only is not None:
            return [*domain.only, *absent], True
        tested = key in self.patterns or key in self.bounds
        if domain.owners and not tested:
            return [domain.stand_in(key)], True
        telling = list(self.patterns.get(key, ()))
        # A key that is itself compared with variables takes values from them, which are not all looked at.
        complete = key not in self.targets
        for target, around in self.templates.get(key, ()):
            others = self.others(target)
            self.state.spend(1 + len(others) // 2)
            alike = all(each == around for name in self.compared for to, each in self.templates[name] if to == target)
            complete = complete and alike
            if around is None:
                complete = complete and not others
                continue
            telling += [found for each in others for found in each.quotients(*around)]
        named = [*(found for each in self.patterns.get(key, ()) for found in domain.named_by(each)), *domain.excluded]
        seeds = [domain.stand_in(key), *domain.examples, *shared, *(each.example(domain.filler) for each in telling)]
        alone = [compiled(each) for each in shared if not has_wildcard(each)]
        found, all_found = representatives(
            list(dict.fromkeys((*telling, *named, *alone))), seeds, domain.shapes, spend=self.state.spend
        )
        values: list[Value] = [each for each in found if domain.admits(each, named)]
        for family, bound in self.bounds.get(key, ()):
            values += typed_values(family, [bound], fixed=domain.named is not None)
            complete = False
        return [*values, *absent], complete and all_found

    def others(self, target: str) -> list[Glob]:
        """What else a key that holds the variable is compared with."""
        found = list(self.patterns.get(target, ()))
        if target != _RESOURCE:
            only = self.state.domains(target).only
            found += [compiled(each) for each in only or () if not has_wildcard(each)]
        return found
