"""The condition operators of the language, with their set prefixes and the `IfExists` suffix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final


class Family(Enum):
    """What an operator compares."""

    STRING = "string"
    STRING_FOLDED = "string, either case"
    PATTERN = "pattern"
    ARN = "ARN"
    NUMERIC = "number"
    DATE = "date"
    BOOL = "boolean"
    BINARY = "binary"
    IP = "IP address"
    NULL = "presence"


TEXTUAL: Final = frozenset({Family.STRING, Family.STRING_FOLDED, Family.PATTERN, Family.ARN})


class Quantifier(Enum):
    """How the several values of a request are joined."""

    PLAIN = ""
    ANY = "ForAnyValue:"
    ALL = "ForAllValues:"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: what it compares, how (`=`, `<`, `<=`, `>`, `>=`), negated or not, its quantifier and suffix."""

    family: Family
    comparison: str = "="
    negated: bool = False
    quantifier: Quantifier = Quantifier.PLAIN
    if_exists: bool = False


_BASES: Final = {
    "StringEquals": Operator(Family.STRING),
    "StringNotEquals": Operator(Family.STRING, negated=True),
    "StringEqualsIgnoreCase": Operator(Family.STRING_FOLDED),
    "StringNotEqualsIgnoreCase": Operator(Family.STRING_FOLDED, negated=True),
    "StringLike": Operator(Family.PATTERN),
    "StringNotLike": Operator(Family.PATTERN, negated=True),
    "ArnEquals": Operator(Family.ARN),
    "ArnLike": Operator(Family.ARN),
    "ArnNotEquals": Operator(Family.ARN, negated=True),
    "ArnNotLike": Operator(Family.ARN, negated=True),
    "NumericEquals": Operator(Family.NUMERIC),
    "NumericNotEquals": Operator(Family.NUMERIC, negated=True),
    "NumericLessThan": Operator(Family.NUMERIC, "<"),
    "NumericLessThanEquals": Operator(Family.NUMERIC, "<="),
    "NumericGreaterThan": Operator(Family.NUMERIC, ">"),
    "NumericGreaterThanEquals": Operator(Family.NUMERIC, ">="),
    "DateEquals": Operator(Family.DATE),
    "DateNotEquals": Operator(Family.DATE, negated=True),
    "DateLessThan": Operator(Family.DATE, "<"),
    "DateLessThanEquals": Operator(Family.DATE, "<="),
    "DateGreaterThan": Operator(Family.DATE, ">"),
    "DateGreaterThanEquals": Operator(Family.DATE, ">="),
    "Bool": Operator(Family.BOOL),
    "BinaryEquals": Operator(Family.BINARY),
    "IpAddress": Operator(Family.IP),
    "NotIpAddress": Operator(Family.IP, negated=True),
    "Null": Operator(Family.NULL),
}
OPERATORS: Final = tuple(_BASES)
_BY_NAME: Final = {name.lower(): operator for name, operator in _BASES.items()}


@lru_cache(maxsize=512)
def operator_of(name: str) -> Operator | None:
    """The operator of a name such as `ForAnyValue:StringLikeIfExists`; `None` for what the language does not have."""
    prefix, colon, base = name.rpartition(":")
    quantifier = next((each for each in Quantifier if each.value.lower() == (prefix + colon).lower()), None)
    bare = base.lower().removesuffix("ifexists")
    found = _BY_NAME.get(bare)
    if found is None or quantifier is None:
        return None
    if_exists = bare != base.lower()
    if found.family is Family.NULL and (if_exists or quantifier is not Quantifier.PLAIN):
        return None
    return Operator(found.family, found.comparison, found.negated, quantifier, if_exists)
