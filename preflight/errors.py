"""The one error that a person meets: the check could not be done."""

from __future__ import annotations


class CheckError(Exception):
    """The check itself could not be done. The text is one sentence that says what to do about it."""


def first_line(error: BaseException) -> str:
    """The first line of an exception's text, or its type where it has none."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
