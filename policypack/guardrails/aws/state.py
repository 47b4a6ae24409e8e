"""What a search knows while it runs: its budget, its doubts, and the values it has settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .answers import Undecided
from .conditions import Value, variables_of
from .document import Statement, Text
from .domains import Domains


class ExhaustedError(Exception):
    """The budget is spent."""


@dataclass
class SearchState:
    """`left` and `total` are the steps left for this statement and in all; `known` the values that variables take."""

    domains: Domains
    total: int
    left: int = 0
    doubt: Undecided | None = None
    known: dict[str, Value] = field(default_factory=dict)

    def doubtful(self, reason: str, path: str) -> None:
        """Remember the first reason why a class of requests could not be ruled out."""
        self.doubt = self.doubt or Undecided(reason, path)

    def spend(self, steps: int = 1) -> None:
        """Pay for some work. Raises `ExhaustedError` past the budget."""
        self.left -= steps
        self.total -= steps
        if self.left < 0 or self.total < 0:
            raise ExhaustedError

    def spend_shared(self, steps: int) -> None:
        """Pay for work that serves every statement. Raises `ExhaustedError` past the whole budget."""
        self.total -= steps
        if self.total < 0:
            raise ExhaustedError

    def lookup(self, key: str) -> Value:
        """The value that a variable stands for."""
        return self.known.get(key.lower())

    def hangs(self, statement: Statement) -> None:
        """Note a refusal by a statement that speaks of a variable, whose key might hold another value."""
        tested = {condition.key.lower() for condition in statement.conditions}
        for key in {*variable_keys(statement), *tested} & set(self.known):
            domain = self.domains(key)
            if domain.only is not None or (domain.owners and key not in tested):
                continue
            self.doubtful("it hangs on the value of a policy variable", statement.path)


def readable(*elements: tuple[Text, ...] | None) -> list[str]:
    """The texts of some elements that can be read."""
    return [text for element in elements for text in element or () if text is not None]


def variable_keys(statement: Statement) -> Iterator[str]:
    """The keys, in lower case, that the variables of a statement stand for."""
    if not statement.variables:
        return
    for text in readable(statement.resources, statement.not_resources):
        yield from variables_of(text)
    for condition in statement.conditions:
        for value in condition.values:
            if value is not None:
                yield from variables_of(value)
