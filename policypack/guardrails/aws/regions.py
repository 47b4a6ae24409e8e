"""One text for each combination of patterns that a text can match, so that a search over them misses nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from .glob import Glob

BUDGET: Final = 20_000
# Steps of long patterns work on long integers.
_TOKENS_PER_STEP: Final = 64
_FILLERS: Final = "xyzqjkwvu0123456789"


def representatives(
    patterns: Sequence[Glob], seeds: Iterable[str], shapes: Sequence[Glob] = ()
) -> tuple[list[str], bool]:
    """Texts of at least one character, at most one for each set of matched patterns, and whether none is missing.

    With `shapes`, texts that match none of them are left out. Seeds are readable texts to be preferred over generated
    ones. The list is complete unless the patterns need more than `BUDGET` automaton steps.
    """
    known: dict[tuple[bool, ...], str] = {}

    def offer(text: str) -> None:
        if text and (not shapes or any(shape.matches(text) for shape in shapes)):
            known.setdefault(tuple([pattern.matches(text) for pattern in patterns]), text)

    for seed in seeds:
        offer(seed)
    fresh = (False,) * len(patterns)
    if fresh in known and all(pattern.literal is not None for pattern in patterns):
        for pattern in patterns:
            offer(pattern.literal or "")
        return list(known.values()), True
    if not shapes and all(pattern.prefix is not None or pattern.literal is not None for pattern in patterns):
        stems = {pattern.literal or pattern.prefix or "" for pattern in patterns}
        for pattern in patterns:
            offer(pattern.literal or "")
        for stem in sorted({"", *stems}, key=len):
            offer(stem + _unused(stem, stems))
        return list(known.values()), True
    complete = _walk(patterns, shapes, known)
    return list(known.values()), complete


def _unused(stem: str, stems: set[str]) -> str:
    """A character after which no other pattern goes on."""
    start = stem.lower()
    taken = {other[len(stem)].lower() for other in stems if len(other) > len(stem) and other.lower().startswith(start)}
    return next((char for char in _FILLERS if char not in taken), "\N{WHITE SQUARE}")


def _walk(patterns: Sequence[Glob], shapes: Sequence[Glob], known: dict[tuple[bool, ...], str]) -> bool:
    """Add the shortest text of every missing combination, breadth first over the product of the automata."""
    count = len(patterns)
    patterns = (*patterns, *shapes)
    literals = {token.lower() for pattern in patterns for token in pattern.tokens if isinstance(token, str)}
    filler = next((char for char in _FILLERS if char not in literals), "\N{WHITE SQUARE}")
    fold = any(pattern.fold for pattern in patterns) and not all(pattern.fold for pattern in patterns)
    start = tuple([pattern.start() for pattern in patterns])
    # The start is not seen yet: a text of one character or more may lead back to it.
    seen: set[tuple[int, ...]] = set()
    queue = deque([(start, "")])
    cost = sum(1 + len(pattern.tokens) // _TOKENS_PER_STEP for pattern in patterns)
    left = BUDGET
    while queue:
        states, text = queue.popleft()
        wanted = {filler}
        for pattern, state in zip(patterns, states, strict=True):
            if state:
                wanted |= pattern.wanted(state)
        if fold:
            wanted |= {char.upper() for char in wanted} | {char.lower() for char in wanted}
        for char in sorted(wanted, key=lambda each: (each != filler, each)):
            left -= cost
            if left < 0:
                return False
            following = tuple(
                [pattern.step(state, char) if state else 0 for pattern, state in zip(patterns, states, strict=True)]
            )
            if following in seen or (shapes and not any(following[count:])):
                continue
            seen.add(following)
            longer = text + char
            accepted = tuple([pattern.accepts(state) for pattern, state in zip(patterns, following, strict=True)])
            if not shapes or any(accepted[count:]):
                known.setdefault(accepted[:count], longer)
            queue.append((following, longer))
    return True
