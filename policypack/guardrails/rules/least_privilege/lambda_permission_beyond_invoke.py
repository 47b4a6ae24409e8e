"""A Lambda permission grants more than invoking the function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Yes
from ...aws.document import Statement
from ...aws.exposure import use_through
from ...aws.offers import most_dangerous
from ...findings import Concern, Finding, Severity, undecided
from ...glob import has_wildcard
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import may_be_anything
from ..resource_policies import LAMBDA_PERMISSIONS, grants, services_of

_INVOKING: Final = frozenset({"lambda:invokefunction", "lambda:invokefunctionurl"})


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    action = resource["action"]
    if action.absent or (action.text or "").lower() in _INVOKING:
        return
    if action.text is None or may_be_anything(action.text):
        yield undecided(action.path, "which action is granted is not known yet")
        return
    for placed in grants(resource):
        (statement,) = placed.document.statements
        worst = most_dangerous(statement, services_of(resource)) or action.text
        answer = use_through(placed.document, statement, worst)
        yield placed.finding(
            statement.action_path,
            f"{_who(statement)} may {_what(action.text, worst)}",
            fix='Grant the call and nothing else: action="lambda:InvokeFunction".',
            witness=answer.witness if isinstance(answer, Yes) else None,
        )


def _who(statement: Statement) -> str:
    principal = next(iter(statement.named_principals), None)
    if principal is None or principal.name is None:
        return "whoever is named here"
    return "everyone" if principal.name == "*" else principal.name


def _what(written: str, worst: str) -> str:
    if not has_wildcard(written):
        return f"{written} on this function, which is more than a call of it"
    if worst.lower() in _INVOKING:
        return f"do whatever {written} matches on this function, {worst} and what AWS adds included"
    return f"do all that {written} matches on this function, {worst} included"


RULE = ResourceRule(
    id="lambda-permission-beyond-invoke",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A Lambda permission grants more than invoking the function",
    why="Whoever may call the function may then also read or change its code, its configuration or its policy.",
    fix="Grant lambda:InvokeFunction, or lambda:InvokeFunctionUrl for a function URL; grant other work to a role by its own policy.",
    covers=("LP-41",),
    types=LAMBDA_PERMISSIONS,
    check=check,
)
