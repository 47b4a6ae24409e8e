"""Policies as requests meet them that come through one access point, which those then name in their keys.

In the policy of a bucket, a fixed s3:DataAccessPointAccount or s3:DataAccessPointArn hands the decision on to access
points, and by itself lets nobody in. What comes through such an access point meets the condition, whoever sends it, so
here it narrows nothing; in an access point's own policy S3 does not count it either (Amazon S3 User Guide, "Configuring
IAM policies for using access points" and "Blocking public access to your Amazon S3 storage", on access points).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..aws.document import Condition, Statement
from ..aws.operators import TEXTUAL, Family, operator_of
from ..glob import compiled
from ..model import Resource
from ..values import has_stand_in
from .aws_documents import Placed

# The keys, in lower case, and the property of the access point that they hold.
_KEYS: Final[Mapping[str, str]] = {"s3:dataaccesspointarn": "arn", "s3:dataaccesspointaccount": "accountId"}


def through(placed: Placed, point: Resource | None, arns: frozenset[str] = frozenset()) -> Placed:
    """A document as requests through `point` meet it; `arns` are those of all access points of the stack.

    Statements that speak of other requests only are left out. What is not known of the access point is taken to fit.
    """
    kept = [_met(each, point, arns) for each in placed.document.statements]
    statements = tuple(each for each in kept if each is not None)
    if statements == placed.document.statements:
        return placed
    return Placed(placed.value, replace(placed.document, statements=statements), named=placed.named)


def _met(statement: Statement, point: Resource | None, arns: frozenset[str]) -> Statement | None:
    """A statement without the conditions that such requests meet; None where they do not meet one."""
    conditions: list[Condition] = []
    for each in statement.conditions:
        operator = operator_of(each.operator)
        if each.key.lower() not in _KEYS or operator is None or operator.family not in TEXTUAL | {Family.NULL}:
            conditions.append(each)
        elif operator.family is Family.NULL:
            if "true" in each.values:
                return None
        elif _names(each, point, arns) is operator.negated:
            return None
    return replace(statement, conditions=tuple(conditions)) if statement.conditions else statement


def _names(condition: Condition, point: Resource | None, arns: frozenset[str]) -> bool:
    """Whether a condition may speak of this access point."""
    mine = None if point is None else point[_KEYS[condition.key.lower()]].text
    return any(text is None or mine is None or not _differ(text, mine, arns) for text in condition.values)


def _differ(text: str, mine: str, arns: frozenset[str]) -> bool:
    if compiled(text).matches(mine):
        return False
    return text in arns or not (has_stand_in(text) or has_stand_in(mine))
