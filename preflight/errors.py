"""The one error that a person meets: the check could not be done."""

from __future__ import annotations


class CheckError(Exception):
    """The check itself could not be done. The text is one sentence that says what to do about it."""
