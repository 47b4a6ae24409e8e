"""What a search knows while it runs: its budget, its doubts, and the values it has settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .answers import Undecided
from .conditions import Value, variables_of
from .document import Statement, readable
from .domains import Domains


class ExhaustedError(Exception):
    """The budget is spent."""


# About five microseconds of work each; what real documents need is far less.
_STEPS: Final = 120_000
_LEAST_STEPS: Final = 300
_UNEVEN: Final = 8


@dataclass
class Budget:
    """The steps left for a question, or for several that belong together."""

    left: int = _STEPS

    def share(self, remaining: int) -> int:
        """What the next of `remaining` statements may take: some need far more than others, but none needs all."""
        return max(_LEAST_STEPS, self.left * _UNEVEN // max(remaining, _UNEVEN))


@dataclass
class SearchState:
    """`budget` are the steps left in all and `left` those for this statement; `known` the values that variables take.
    `loose` are the keys of variables that might hold further values which make a difference; `hung` tells whether any
    refusal had to do with a variable."""

    domains: Domains
    budget: Budget
    left: int = 0
    doubt: Undecided | None = None
    known: dict[str, Value] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    hung: bool = False

    def doubtful(self, reason: str, path: str) -> None:
        """Remember the first reason why a class of requests could not be ruled out."""
        self.doubt = self.doubt or Undecided(reason, path)

    def spend(self, steps: int = 1) -> None:
        """Pay for some work. Raises `ExhaustedError` past the budget."""
        self.left -= steps
        self.budget.left -= steps
        if self.left < 0 or self.budget.left < 0:
            raise ExhaustedError

    def spend_shared(self, steps: int) -> None:
        """Pay for work that serves every statement. Raises `ExhaustedError` past the whole budget."""
        self.budget.left -= steps
        if self.budget.left < 0:
            raise ExhaustedError

    def lookup(self, key: str) -> Value:
        """The value that a variable stands for."""
        return self.known.get(key.lower())

    def hangs(self, statement: Statement, *, resource_only: bool = False) -> None:
        """Note a refusal by a statement, or by its resource patterns only, which may speak of a variable whose key
        might hold another value."""
        if not self.known:
            return
        keys = set(variable_keys(statement, resource_only=resource_only))
        if not resource_only:
            keys.update(condition.key.lower() for condition in statement.conditions)
        self.hung = self.hung or not keys.isdisjoint(self.known)
        if not self.loose.isdisjoint(keys):
            self.doubtful("it hangs on the value of a policy variable", statement.path)


def variable_keys(statement: Statement, *, resource_only: bool = False) -> Iterator[str]:
    """The keys, in lower case, that the variables of a statement, or of its resource patterns only, stand for."""
    if not statement.variables:
        return
    for text in readable(statement.resources, statement.not_resources):
        yield from variables_of(text)
    for condition in () if resource_only else statement.conditions:
        for value in condition.values:
            if value is not None:
                yield from variables_of(value)
