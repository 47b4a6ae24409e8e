"""A condition of a trust policy does not demand what it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Undecided
from ...aws.document import Condition
from ...aws.shared_secrets import SHARED_SECRETS
from ...aws.trust import Unsound, condition_path, unsound
from ...aws.value_checks import quoted
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import ROLE_TYPES, Placed, trust_documents
from ..precedence import above
from ..trusts import cause

_SOURCES: Final = "aws:source"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in trust_documents(resource):
        said: set[str] = set()
        for found in sorted(placed.ask(unsound), key=lambda each: isinstance(each.answer, Undecided)):
            if found.statement.path not in said:
                said.add(found.statement.path)
                yield from _findings(placed, found)


def _findings(placed: Placed, found: Unsound) -> Iterator[Finding]:
    condition, place = found.condition, cause(placed, found.statement.path)
    key = condition.key
    if isinstance(found.answer, Undecided):
        yield from placed.findings(found.answer, "", f"a request without {key} may assume this role", cause=place)
    elif found.answer is None:
        message = (
            f"{condition.operator} compares letter for letter, so no request has this {key} and nobody is admitted"
        )
        yield placed.finding(condition_path(found), message, fix=_like(condition), cause=place)
    else:
        yield placed.finding(
            condition_path(found),
            f"{condition.operator} on {key} also holds for requests without {key}{_let_in(key)}",
            fix=_strict(condition),
            witness=found.answer.witness,
            cause=place,
            # What a service acts for is its own to send; a person's second factor or organization is not.
            severity=Severity.LOW if key.lower().startswith(_SOURCES) else None,
        )


def _let_in(key: str) -> str:
    """Who makes requests without a key, where that is known."""
    if key.lower().startswith("aws:multifactorauth"):
        return ", which are those made with long-lived access keys"
    return ", which are those that it was to keep out"


def _value(condition: Condition) -> str:
    known = [text for text in condition.values if text is not None]
    hidden = condition.key.lower() in SHARED_SECRETS or not known
    return "THE-VALUE" if hidden else quoted(known[0]).strip("`")


def _strict(condition: Condition) -> str:
    key = condition.key
    lowered = key.lower()
    if lowered == "aws:multifactorauthpresent":
        return f'Write "Condition": {{"Bool": {{"{key}": "true"}}}}.'
    if lowered == "aws:multifactorauthage":
        return f'Write "Condition": {{"NumericLessThan": {{"{key}": "{_value(condition)}"}}}}.'
    operator = "ArnLike" if lowered.endswith("arn") else "StringEquals"
    if lowered.endswith("orgpaths"):
        operator = "ForAnyValue:StringLike"
    value = _value(condition) if "Null" not in condition.operator else "THE-VALUE"
    return f'Write "Condition": {{"{operator}": {{"{key}": "{value}"}}}}.'


def _like(condition: Condition) -> str:
    quantifier, colon, _ = condition.operator.rpartition(":")
    operator = "ArnLike" if condition.key.lower().endswith("arn") else "StringLike"
    return f'Write "Condition": {{"{quantifier}{colon}{operator}": {{"{condition.key}": "{_value(condition)}"}}}}.'


RULE = ResourceRule(
    id="role-trust-unsound-condition",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A condition of a role's trust policy does not do what it says",
    why="IfExists, ForAllValues, negated operators and Null let in a caller that lacks the key, which is the caller that was to be kept out; a wildcard under StringEquals lets in nobody.",
    fix='Demand the key by a plain operator: "Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"sts:ExternalId": "VALUE"}; patterns by StringLike or ArnLike.',
    covers=("LP-37",),
    yields_to=above("role-trust-unsound-condition"),
    types=ROLE_TYPES,
    check=check,
)
