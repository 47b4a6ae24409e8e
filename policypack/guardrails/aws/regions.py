"""One text for each combination of patterns that a text can match, so that a search over them misses nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count
from typing import Final

from ..glob import Glob

BUDGET: Final = 20_000
# Steps of long patterns work on long integers.
_TOKENS_PER_STEP: Final = 64
_STEPS_PER_COST: Final = 5
_MATCHES_PER_COST: Final = 32
_FILLERS: Final = "xyzqjkwvu0123456789"


def representatives(
    patterns: Sequence[Glob],
    seeds: Iterable[str],
    shapes: Sequence[Glob] = (),
    within: Sequence[Glob] = (),
    spend: Callable[[int], None] | None = None,
) -> tuple[list[str], bool]:
    """Texts of at least one character, at most one for each set of matched patterns, and whether none is missing.

    Texts that match none of `shapes`, where there are any, and those that do not match all of `within` are left out.
    Seeds are readable texts to be preferred over generated ones. The list is complete unless the patterns need more
    than `BUDGET` automaton steps. `spend` is told what the steps cost.
    """
    seeds = tuple(seeds)
    if spend is not None:
        # Most patterns are a text, or a text with a `*` behind it, and are compared at once.
        slow = sum(pattern.literal is None and pattern.prefix is None for pattern in patterns)
        spend((len(seeds) + 2 * len(patterns)) * len(patterns) // _MATCHES_PER_COST + len(seeds) * slow // 2)
    known: dict[tuple[bool, ...], str] = {}

    def offer(text: str) -> None:
        if (
            text
            and (not shapes or any(shape.matches(text) for shape in shapes))
            and all(each.matches(text) for each in within)
        ):
            known.setdefault(tuple([pattern.matches(text) for pattern in patterns]), text)

    for seed in seeds:
        offer(seed)
    # Where some patterns ignore case and others do not, it takes more than the texts as they are written.
    alike = len({pattern.fold for pattern in patterns}) <= 1
    fresh = (False,) * len(patterns)
    if alike and fresh in known and all(pattern.literal is not None for pattern in patterns):
        for pattern in patterns:
            offer(pattern.literal or "")
        return list(known.values()), True
    bounded = bool(shapes or within)
    if alike and not bounded and all(pattern.prefix is not None or pattern.literal is not None for pattern in patterns):
        stems = {pattern.literal or pattern.prefix or "" for pattern in patterns}
        for pattern in patterns:
            offer(pattern.literal or "")
        for stem in sorted({"", *stems}, key=len):
            offer(stem + _unused(stem, stems))
        return list(known.values()), True
    walk = _Walk(patterns, shapes, within)
    complete = walk.into(known)
    if spend is not None:
        spend((BUDGET - walk.left) // _STEPS_PER_COST)
    return list(known.values()), complete


def _unused(stem: str, stems: set[str]) -> str:
    """A character after which no other pattern goes on."""
    start = stem.lower()
    taken = {other[len(stem)].lower() for other in stems if len(other) > len(stem) and other.lower().startswith(start)}
    return _fresh(taken)


def _fresh(taken: set[str]) -> str:
    """A character that is not taken, a readable one if there is any."""
    return next(char for char in chain(_FILLERS, map(chr, count(ord("\N{WHITE SQUARE}")))) if char not in taken)


class TangledError(Exception):
    """Patterns that overlap, but with no common text that could be found within the budget."""


class _Walk:
    """The product of the automata, walked breadth first, so that every text found is a shortest one."""

    def __init__(self, patterns: Sequence[Glob], shapes: Sequence[Glob], within: Sequence[Glob]) -> None:
        self.patterns = (*patterns, *shapes, *within)
        self.telling = len(patterns)
        self.shaped = len(patterns) + len(shapes)
        literals = {token.lower() for pattern in self.patterns for token in pattern.tokens if isinstance(token, str)}
        self.filler = _fresh(literals)
        folded = [pattern.fold for pattern in self.patterns]
        self.fold = any(folded) and not all(folded)
        self.left = BUDGET
        self.cost = sum(1 + len(pattern.tokens) // _TOKENS_PER_STEP for pattern in self.patterns)

    def into(self, known: dict[tuple[bool, ...], str]) -> bool:
        """Add the shortest text of every missing combination; False where the budget ran out."""
        # The start is not seen yet: a text of one character or more may lead back to it.
        seen: set[tuple[int, ...]] = set()
        queue = deque([(tuple([pattern.start() for pattern in self.patterns]), "")])
        while queue:
            states, text = queue.popleft()
            for char in self.telling_characters(states):
                self.left -= self.cost
                if self.left < 0:
                    return False
                following = tuple(
                    [
                        pattern.step(state, char) if state else 0
                        for pattern, state in zip(self.patterns, states, strict=True)
                    ]
                )
                if following in seen or not self.allowed([bool(state) for state in following]):
                    continue
                seen.add(following)
                longer = text + char
                accepted = [pattern.accepts(state) for pattern, state in zip(self.patterns, following, strict=True)]
                if self.allowed(accepted):
                    known.setdefault(tuple(accepted[: self.telling]), longer)
                queue.append((following, longer))
        return True

    def telling_characters(self, states: Sequence[int]) -> list[str]:
        """The characters that lead to different states, the filler first."""
        wanted = {self.filler}
        for pattern, state in zip(self.patterns, states, strict=True):
            if state:
                wanted |= pattern.wanted(state)
        if self.fold:
            wanted |= {char.upper() for char in wanted} | {char.lower() for char in wanted}
        return sorted(wanted, key=lambda each: (each != self.filler, each))

    def allowed(self, matches: Sequence[bool]) -> bool:
        """Whether what matches, or still may, is in one of the shapes and within all bounds."""
        shapes = matches[self.telling : self.shaped]
        return all(matches[self.shaped :]) and (not shapes or any(shapes))
