"""Whether requests are allowed from so many addresses that these are no fixed network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import network
from .evaluate import Request, Verdict
from .goals import Question
from .state import SearchState

_Likeness = tuple[str, str, str, frozenset[tuple[str, object]]]


@dataclass
class Networks:
    """Counts the addresses from which a question's requests are allowed, under each of the `keys` (lower case)."""

    question: Question
    keys: frozenset[str]
    state: SearchState
    # The requests, but for the address, that were found to be allowed from a fixed network only.
    _fixed: set[_Likeness] = field(default_factory=set)

    def wide(self, request: Request, path: str) -> bool:
        """Whether a request is allowed from more than a fixed network: it is, where its keys hold no address.

        `path` is named where some of the ranges cannot be read.
        """
        return all(
            self._from_many(request, key, path)
            for key, value in request.context.items()
            if key.lower() in self.keys and isinstance(value, str) and network.block(value) is not None
        )

    def _blocks(self, key: str) -> list[network.Block]:
        return [
            block
            for placed in self.question.statements()
            for condition in placed.statement.entries(key.lower())
            for text in condition.values
            if text is not None and (block := network.block(text)) is not None
        ]

    def _from_many(self, request: Request, key: str, path: str) -> bool:
        others = frozenset((name, value) for name, value in request.context.items() if name != key)
        like = (request.action, request.resource, key, others)
        if like in self._fixed:
            return False
        allowed, doubtful = dict.fromkeys(network.BITS, 0), dict.fromkeys(network.BITS, 0)
        blocks = self._blocks(key)
        for atom in network.atoms(blocks):
            if network.is_private(atom):
                continue
            # It speaks for all statements, so it is not paid by the one that came upon it.
            self.state.spend_shared(1 + len(blocks) // 16)
            context = {**request.context, key: network.example(atom)}
            verdict = self.question.verdict(Request(request.principal, request.action, request.resource, context))
            size = atom.high - atom.low + 1
            allowed[atom.version] += size * (verdict is Verdict.ALLOWED)
            doubtful[atom.version] += size * (verdict is Verdict.UNDECIDED)
            if allowed[atom.version] > network.LARGEST_FIXED[atom.version]:
                return True
        self._fixed.add(like)
        if _any_wide(allowed, doubtful):
            self.state.doubtful("some of the address ranges cannot be read", path)
        return False


def _any_wide(allowed: Mapping[int, int], doubtful: Mapping[int, int]) -> bool:
    return any(allowed[each] + doubtful[each] > network.LARGEST_FIXED[each] for each in network.BITS)
