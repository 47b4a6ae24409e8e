"""Policy statements: reading one, and the nodes it is made of.

Semantics: Oracle Cloud Infrastructure documentation, "Policy Syntax", "Subjects", "Locations", "Conditions",
"Cross-Tenancy Access Policies" and "Deny Policies".
"""

from __future__ import annotations

from typing import cast

from .reading import read
from .rejection import Rejected, Unreadable, excerpt
from .resource_types import REFUSED
from .tree import (
    Action,
    Combination,
    Condition,
    DefinedKind,
    Definition,
    Grant,
    Kind,
    Name,
    Ocid,
    Opaque,
    OpaqueTail,
    Operator,
    Pairing,
    Permissions,
    Place,
    PlaceKind,
    Quantifier,
    Statement,
    Subject,
    SubjectKind,
    Test,
    Value,
    ValueKind,
    Verb,
    VerbAction,
)

__all__ = [
    "Action",
    "Combination",
    "Condition",
    "DefinedKind",
    "Definition",
    "Grant",
    "Kind",
    "Name",
    "Ocid",
    "Opaque",
    "OpaqueTail",
    "Operator",
    "Pairing",
    "Permissions",
    "Place",
    "PlaceKind",
    "Quantifier",
    "Rejected",
    "Statement",
    "Subject",
    "SubjectKind",
    "Test",
    "Unreadable",
    "Value",
    "ValueKind",
    "Verb",
    "VerbAction",
    "parse",
]


def parse(text: object) -> Statement | Rejected | Unreadable:
    """Read one policy statement. Never raises.

    `text` is a string or `UNKNOWN`; anything else is rejected. Stand-ins for computed text are ordinary words. A
    stand-in for any text is kept as an `Opaque` node, or within the name or value it is part of. A resource type
    that is not in `resource_types` is accepted, as new ones appear without notice; only those that the service is
    known to refuse are rejected.
    """
    node = cast("Statement | Rejected | Unreadable", read(text, "statement"))
    if isinstance(node, Grant) and isinstance(node.action, VerbAction) and isinstance(text, str):
        refused = REFUSED.get(node.action.resource_type.lower())
        if refused is not None:
            column = node.action.type_column
            found = node.action.resource_type
            where = excerpt(text, column - 1)
            return Rejected(column, "a resource type or family", found, nearest=refused, excerpt=where)
    return node
