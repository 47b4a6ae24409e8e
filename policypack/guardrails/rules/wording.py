"""Grants as they are written, for messages and fixes."""

from __future__ import annotations

from ..aws.document import Statement, readable
from ..aws.patterns import match_action
from ..glob import has_wildcard


def as_written(statement: Statement, name: str) -> str:
    """The pattern of a statement's Action that takes in an action; empty for one of NotAction."""
    found = [each for each in readable(statement.actions) if match_action(each, name)]
    return min(found, key=has_wildcard, default="")
