"""A Lambda permission grants more than invoking the function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.glob import has_wildcard
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import may_be_anything
from ..resource_policies import LAMBDA_PERMISSIONS

_INVOKING: Final = frozenset({"lambda:invokefunction", "lambda:invokefunctionurl"})


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    action = resource["action"]
    if action.absent or (action.text or "").lower() in _INVOKING:
        return
    if action.text is None or may_be_anything(action.text):
        yield undecided(action.path, "which action is granted is not known yet")
        return
    what = "every action that this matches" if has_wildcard(action.text) else "more than a call of the function"
    yield Finding(
        path=action.path,
        message=f"{action.text} grants {what}",
        fix='Grant the call and nothing else: action="lambda:InvokeFunction".',
    )


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
