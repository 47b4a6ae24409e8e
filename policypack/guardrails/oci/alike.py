"""Permissions that a condition cannot tell apart: what holds for one of them holds for all."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cache
from typing import Final

from .comparison import matches
from .conditions import OPERATION, PERMISSION, tests_of
from .permissions import operations
from .tree import Condition, ValueKind

_MOST_PATTERNS: Final = 20


def alike(condition: Condition, permissions: Iterable[str]) -> Sequence[Sequence[str]] | None:
    """The permissions in sets that are alike to a condition, in the order given; None where it has too many patterns.

    A condition knows a permission by its name, by the patterns that match it, and by the operations that need it, each
    of which it knows likewise.
    """
    of_permission, of_operation = _Tested(condition, PERMISSION), _Tested(condition, OPERATION)
    if len(of_permission.patterns) + len(of_operation.patterns) > _MOST_PATTERNS:
        return None

    @cache
    def known(operation: str) -> Hashable:
        return of_operation.known(operation)

    found: dict[Hashable, list[str]] = {}
    for name in permissions:
        by_operation = frozenset(map(known, operations(name))) if of_operation.named or of_operation.patterns else None
        found.setdefault((of_permission.known(name), by_operation), []).append(name)
    return list(found.values())


class _Tested:
    """What the tests of a variable compare it with."""

    def __init__(self, condition: Condition, variable: str) -> None:
        values = [value for test in tests_of(condition) if test.variable.lower() == variable for value in test.values]
        self.named = {value.text.casefold() for value in values if value.kind is not ValueKind.PATTERN}
        self.patterns = list(dict.fromkeys(value.text for value in values if value.kind is ValueKind.PATTERN))

    def known(self, text: str) -> Hashable:
        """The same for texts that no test tells apart."""
        own = text if text.casefold() in self.named else ""
        return own, tuple(matches(pattern, text) for pattern in self.patterns)
