"""Several functions run with one role (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..aws_documents import ROLE
from ..joins import named

_FUNCTION: Final = "aws:lambda/function:Function"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    by_role: dict[str, list[Resource]] = {}
    for function in stack.of_type([_FUNCTION]):
        for role in named(stack, function, "role", [ROLE], ["arn"]):
            by_role.setdefault(role, []).append(function)
    for functions in by_role.values():
        if len(functions) > 1:
            names = ", ".join(repr(function.name) for function in functions)
            yield Finding(path="role", urn=functions[0].urn, message=f"the functions {names} run with the same role")


RULE = StackRule(
    id="functions-share-role",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="Several functions run with one role",
    why="Each function then holds what any of them needs, so a hole in one gives what all the others may do.",
    fix="Give each function a role of its own, with what that function does.",
    covers=("LP-46",),
    types=(_FUNCTION,),
    check=check,
)
