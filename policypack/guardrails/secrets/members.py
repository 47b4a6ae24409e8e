"""The texts in a value that is written as a JSON object or list."""

from __future__ import annotations

import json


def members(text: str) -> list[tuple[tuple[str, ...], str]]:
    """The texts and integers in the object or list that `text` is written as, each with the names that lead to it.

    In their order. Any other text is its own only member, under no name.
    """
    read: object = text
    if text.lstrip().startswith(("{", "[")):
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            read = text
    found: list[tuple[tuple[str, ...], str]] = []
    waiting: list[tuple[tuple[str, ...], object]] = [((), read)]
    while waiting:
        names, inner = waiting.pop()
        if isinstance(inner, dict):
            waiting.extend(((*names, str(name)), value) for name, value in reversed(inner.items()))
        elif isinstance(inner, list):
            waiting.extend((names, value) for value in reversed(inner))
        elif isinstance(inner, str) or (isinstance(inner, int) and not isinstance(inner, bool)):
            found.append((names, str(inner)))
    return found
