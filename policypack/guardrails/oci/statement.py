"""Reading policy statements.

Semantics: Oracle Cloud Infrastructure documentation, "Policy Syntax", "Subjects", "Locations", "Conditions",
"Cross-Tenancy Access Policies" and "Deny Policies".
"""

from __future__ import annotations

from typing import cast

from .reading import read
from .rejections.rejection import Rejected, Unreadable
from .tree import Statement


def parse(text: object) -> Statement | Rejected | Unreadable:
    """Read one policy statement. Never raises.

    `text` is a string or `UNKNOWN`; anything else is rejected. Stand-ins for computed text are ordinary words. A
    stand-in for any text is kept as an `Opaque` node, or within the name or value it is part of. A resource type that
    nobody knows is accepted, as new ones appear without notice; `rejections.unknown_words` names it.
    """
    return cast("Statement | Rejected | Unreadable", read(text, "statement"))
