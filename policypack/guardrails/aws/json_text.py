"""The JSON text of a policy document, decoded so that nothing an author wrote twice or wrongly is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from ..values import Unknown, has_stand_in

# No policy is nearly as long; past this a document is not worth reading.
MAX_TEXT: Final = 1_000_000
_BYTE_ORDER_MARK: Final = "\ufeff"
_LONGEST_INTEGER: Final = 400

Pair = tuple[str, object]


class Repeating(dict[str, object]):
    """A decoded JSON object in which a name stands twice, with all that was written."""

    written: tuple[Pair, ...] = ()


def written(source: dict[object, object]) -> tuple[tuple[object, object], ...]:
    """The names and values of an object as written, repeated ones included."""
    return source.written if isinstance(source, Repeating) else tuple(source.items())


def _object(items: list[Pair]) -> dict[str, object]:
    found = dict(items)
    if len(found) == len(items):
        return found
    repeating = Repeating(found)
    repeating.written = tuple(items)
    return repeating


def _integer(digits: str) -> object:
    # The language refuses to read integers of thousands of digits, and no policy means one.
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float("inf")


def decode(text: str, problem: Callable[[str, str], None]) -> object:
    """The value of JSON text, or `Unknown` where it cannot be read, or `None` where it is no JSON.

    `problem` takes the path and the message of what is wrong. A message holds no part of the text, which may hold
    secrets. Where an invented value breaks the JSON, nothing is wrong and nothing is known.
    """
    if len(text) > MAX_TEXT:
        problem("", f"the document has {len(text)} characters, far more than AWS takes; it was not read")
        return Unknown()
    if text.startswith(_BYTE_ORDER_MARK):
        problem("", "the document starts with a byte order mark, which AWS does not take; save it without one")
        text = text.lstrip(_BYTE_ORDER_MARK)

    def constant(name: str) -> Unknown:
        # The rest of the document is judged all the same, lest the constant hide it.
        problem("", f"the document is not JSON: {name} is no JSON value")
        return Unknown()

    try:
        found: object = json.loads(text, object_pairs_hook=_object, parse_constant=constant, parse_int=_integer)
    except RecursionError:
        problem("", "the document is nested too deeply to be read")
        return Unknown()
    except json.JSONDecodeError as error:
        if has_stand_in(text):
            return Unknown()
        problem("", f"the document is not JSON: line {error.lineno}, column {error.colno}: {_cause(error)}")
        return None
    return found


def _cause(error: json.JSONDecodeError) -> str:
    """What is wrong, in words that quote nothing of the document."""
    before, after = error.doc[: error.pos].rstrip(), error.doc[error.pos : error.pos + 2]
    if not before and not after:
        return "it is empty"
    if after[:1] in ("}", "]") and before.endswith(","):
        return "a comma stands before the closing bracket"
    if after in ("//", "/*") or after[:1] == "#":
        return "JSON has no comments"
    if after[:1] == "'":
        return "JSON texts stand in double quotes"
    if not after:
        return "it ends too early"
    cause = error.msg.partition(": ")[0]
    return cause[:1].lower() + cause[1:]
