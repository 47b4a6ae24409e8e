"""Patterns with `*` (any text) and `?` (any one character), matched in time linear in pattern and text.

A pattern is a small automaton whose states are the bits of one integer, so that hostile patterns such as `*a*a*a*b`
cost no more than harmless ones. Some wildcards, which no text of a pattern writes, do not cross a colon.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile
from typing import Final

_ONE: Final = 1
_MANY: Final = 2
STAR: Final = _MANY
_ONE_IN_SEGMENT: Final = 3
_MANY_IN_SEGMENT: Final = 4
_STARS: Final = frozenset({_MANY, _MANY_IN_SEGMENT})
_WILDCARDS: Final = {"*": _MANY, "?": _ONE}
# The wildcards that do not cross a colon, by those that do.
IN_SEGMENT: Final = {_MANY: _MANY_IN_SEGMENT, _ONE: _ONE_IN_SEGMENT}

# More than the largest document holds, so that no document pushes out its own patterns.
REMEMBERED: Final = 32_768

Token = str | int


class Glob:
    """A compiled pattern. `literal` is its one text, if it has no wildcard; `prefix` what stands before a lone final
    `*`; `lead` what every text starts with. With `fold`, letters match in either case."""

    __slots__ = ("_built", "_chars", "_closing", "_ones", "_ones_in_segment", "_stars", "_stars_in_segment", "fold",
                 "lead", "literal", "prefix", "tokens")  # fmt: skip

    def __init__(self, tokens: Iterable[Token], *, fold: bool = False) -> None:
        kept: list[Token] = []
        for token in tokens:
            if token in _STARS and kept and kept[-1] in _STARS:
                kept[-1] = token if kept[-1] == token else _MANY
                continue
            kept.append(token.lower() if fold and isinstance(token, str) else token)
        self.tokens = tuple(kept)
        self.fold = fold
        body = kept[:-1] if kept and kept[-1] == _MANY else kept
        text = "".join(body) if all(isinstance(token, str) for token in body) else None  # type: ignore[arg-type]
        self.literal = text if len(body) == len(kept) else None
        self.prefix = text if len(body) < len(kept) else None
        self.lead = "".join(str(token) for token in takewhile(lambda each: isinstance(each, str), kept))
        self._built = False

    def _build(self) -> None:
        """Work out the automaton, which most patterns never need: they are a text or a text with a `*` behind it."""
        chars: dict[str, int] = {}
        ones = ones_in_segment = stars = stars_in_segment = 0
        for position, token in enumerate(self.tokens):
            bit = 1 << position
            if isinstance(token, str):
                chars[token] = chars.get(token, 0) | bit
            elif token == _MANY:
                stars |= bit
            elif token == _ONE:
                ones |= bit
            elif token == _MANY_IN_SEGMENT:
                stars_in_segment |= bit
            else:
                ones_in_segment |= bit
        self._chars, self._ones, self._ones_in_segment = chars, ones, ones_in_segment
        self._stars, self._stars_in_segment, self._closing = stars, stars_in_segment, stars | stars_in_segment
        # Last, as another thread may look at the same pattern.
        self._built = True

    def start(self) -> int:
        """The states before the first character."""
        if not self._built:
            self._build()
        return 1 | ((1 & self._closing) << 1)

    def step(self, states: int, char: str) -> int:
        """The states after one more character."""
        if self.fold:
            char = char.lower()
        moving = self._chars.get(char, 0) | self._ones
        staying = self._stars
        if char != ":":
            moving |= self._ones_in_segment
            staying |= self._stars_in_segment
        states = ((states & moving) << 1) | (states & staying)
        return states | ((states & self._closing) << 1)

    def accepts(self, states: int) -> bool:
        """Whether the text read so far matches."""
        return bool(states >> len(self.tokens))

    def wanted(self, states: int) -> set[str]:
        """The characters that these states tell from all others."""
        found = {char for char, places in self._chars.items() if places & states}
        if states & (self._ones_in_segment | self._stars_in_segment):
            found.add(":")
        return found

    def matches(self, text: str) -> bool:
        """Whether the whole text matches."""
        if self.literal is not None:
            return (text.lower() if self.fold else text) == self.literal
        if self.prefix is not None:
            return (text.lower() if self.fold else text).startswith(self.prefix)
        if not (text.lower() if self.fold else text).startswith(self.lead):
            return False
        states = self.start()
        for char in text:
            states = self.step(states, char)
            if not states:
                return False
        return self.accepts(states)

    def example(self, filler: str) -> str:
        """A text that matches: `filler` for each `*`, `x` for each `?`."""
        return "".join(token if isinstance(token, str) else filler if token in _STARS else "x" for token in self.tokens)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Glob) and self.tokens == other.tokens and self.fold == other.fold

    def __hash__(self) -> int:
        return hash((self.tokens, self.fold))

    def covers(self, other: Glob) -> bool:
        """Whether every text of `other` matches here. A true answer is certain; a false one may miss a cover."""
        if self.fold == other.fold and other.literal is not None:
            return self.matches(other.literal)
        if self.fold == other.fold and self.prefix is not None:
            return other.lead.startswith(self.prefix)
        states = self.start()
        for token in other.tokens:
            if isinstance(token, str):
                states = self.step(states, token)
            elif token in _STARS:
                states &= self._stars
                states |= (states & self._closing) << 1
            else:
                states = ((states & self._ones) << 1) | (states & self._stars)
                states |= (states & self._closing) << 1
            if not states:
                return False
        return self.accepts(states)

    def quotients(self, before: str, after: str) -> list[Glob]:
        """The patterns of the texts that match when `before` stands ahead of them and `after` behind."""
        states = self.start()
        for char in before:
            states = self.step(states, char)
        starts = [at for at in range(len(self.tokens) + 1) if states >> at & 1]
        if not starts:
            return []
        found: dict[Glob, None] = {}
        for end in range(starts[0], len(self.tokens) + 1):
            if Glob(self.tokens[end:], fold=self.fold).matches(after):
                # A `*` at the border may take in the end of the text as well as the start of `after`.
                last = end + 1 if end < len(self.tokens) and self.tokens[end] in _STARS else end
                found.update((Glob(self.tokens[at:last], fold=self.fold), None) for at in starts if at <= end)
        return list(found)


def overlapping(a: Glob, b: Glob) -> bool:
    """Whether some text matches both plain (not segment-wise) patterns. Exact."""
    everything = (1 << (len(b.tokens) + 1)) - 1
    row = b.start()
    stars = b._stars
    for token in a.tokens:
        if token in _STARS:
            row = everything & ~((row & -row) - 1)
            continue
        meeting = everything & ~stars
        if isinstance(token, str):
            meeting = b._chars.get(token, 0) | b._ones
        row = ((row & meeting) << 1) | (row & stars)
        row = (row | ((row & stars) << 1)) & everything
        if not row:
            return False
    return b.accepts(row)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a pattern's text, in which `*` and `?` are wildcards."""
    return [_WILDCARDS.get(char, char) for char in text]


@lru_cache(maxsize=REMEMBERED)
def compiled(pattern: str, *, fold: bool = False) -> Glob:
    """The plain pattern, with `fold` in either case."""
    return Glob(tokens_of(pattern), fold=fold)


def has_wildcard(text: str) -> bool:
    """Whether `text` read as a pattern has more than one meaning."""
    return "*" in text or "?" in text
