"""AWS policy documents: `parse` reads one, and never raises; the classes say what it gives."""

from .reader import parse
from .statements import (
    Condition,
    Document,
    Effect,
    Kind,
    PrincipalPattern,
    Problem,
    Statement,
    Text,
    is_action,
    join,
    readable,
)

__all__ = [
    "Condition",
    "Document",
    "Effect",
    "Kind",
    "PrincipalPattern",
    "Problem",
    "Statement",
    "Text",
    "is_action",
    "join",
    "parse",
    "readable",
]
