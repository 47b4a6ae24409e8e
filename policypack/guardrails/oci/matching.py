"""Matching rules of dynamic groups: which resources belong to the group.

Semantics: Oracle Cloud Infrastructure documentation, "Writing Matching Rules to Define Dynamic Groups".
"""

from __future__ import annotations

from typing import cast

from .reading import read
from .rejections.rejection import Rejected, Unreadable
from .tree import Condition


def parse(text: object) -> Condition | Rejected | Unreadable:
    """Read the matching rule of a dynamic group. Never raises.

    A rule is a condition whose tests know `=` and `!=` with a value in single quotes, and, for a tag alone, no
    comparison at all: the tag is present. Variables outside the documented ones are accepted. `text` is a string or
    `UNKNOWN`; stand-ins are kept as in `statement.parse`.
    """
    return cast("Condition | Rejected | Unreadable", read(text, "matching_rule"))
