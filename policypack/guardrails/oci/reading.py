"""From text to a tree node, or to the reason why there is none. Never raises, and ends soon on any input."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from ..values import ANYTHING, Unknown
from .rejections.explain import explain
from .rejections.rejection import Rejected, Unreadable, excerpt
from .rejections.stop import Misplaced, found_at

# Far beyond any statement met in practice. They bound the time and the depth of what is read, and so of all that walks
# a node later.
MAX_LENGTH: Final = 50_000
MAX_DEPTH: Final = 40

_SPLIT: Final = "Split it into several statements, or matching rules, that say the same."
_BRACE_OR_QUOTED: Final = re.compile(r"'(?:[^'\\\r\n]|\\.)*'|[{}]")


def read(text: object, start: str) -> object:
    """Return the node that `text` is written for, a `Rejected` or an `Unreadable`.

    `start` is the rule of the grammar to read by: `statement` or `matching_rule`. A stand-in for any text is read as
    the word it takes the place of; where the text does not read so, it is unreadable, as the stand-in may hold more.
    """
    if isinstance(text, Unknown):
        return Unreadable("its text is not known before it is created")
    if not isinstance(text, str):
        return Rejected(1, "text", found=type(text).__name__, remedy="Write the statement or matching rule as text.")
    bounds = _out_of_bounds(text)
    if bounds is not None:
        return bounds
    # lark is loaded here, so that a stack without such policies does not pay for it.
    from .grammar import build

    try:
        return build(text, start)
    except Misplaced as stopped:
        return _explain(text, stopped, partial(_stop, start))


def _stop(start: str, text: str) -> Misplaced | None:
    from .grammar import build

    try:
        build(text, start)
    except Misplaced as stopped:
        return stopped
    return None


def _explain(text: str, stopped: Misplaced, read_again: Callable[[str], Misplaced | None]) -> Rejected | Unreadable:
    end = stopped.offset + len(found_at(text, stopped.offset))
    anything = ANYTHING.search(text)
    if anything is not None and anything.start() < max(end, stopped.offset + 1):
        return Unreadable(f"how it reads hangs on a part that is not known, at column {anything.start() + 1}")
    return explain(text, stopped, read_again)


def _out_of_bounds(text: str) -> Rejected | None:
    if len(text) > MAX_LENGTH:
        problem = f"the text is {len(text)} characters long, and {MAX_LENGTH} are read at most"
        return Rejected(MAX_LENGTH + 1, "the end", problem=problem, excerpt=excerpt(text, 0), remedy=_SPLIT)
    if text.count("{") > MAX_DEPTH:
        depth = 0
        for part in _BRACE_OR_QUOTED.finditer(text):
            depth += {"{": 1, "}": -1}.get(part.group(), 0)
            if depth > MAX_DEPTH:
                problem = f"more than {MAX_DEPTH} braces stand within each other"
                near = excerpt(text, part.start())
                return Rejected(part.start() + 1, "the end", "{", problem=problem, excerpt=near, remedy=_SPLIT)
    return None
