"""A function's own role may invoke the function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ...aws.answers import Yes
from ...aws.document import Document
from ...aws.questions import allows
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..aws_documents import ROLE, Held, role_documents

_FUNCTION: Final = "aws:lambda/function:Function"
_ACTION: Final = "lambda:InvokeFunction"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    held = role_documents(stack)
    for function in stack.of_type([_FUNCTION]):
        for role in stack.targets(function, "role", [ROLE], ["arn"]):
            for one in held[role.urn]:
                yield from _judge(function, one)


def _judge(function: Resource, held: Held) -> Iterator[Finding]:
    document = held.placed.document
    for arn in _arns(function, document):
        answer = allows([document], _ACTION, arn)
        # A grant on functions at large is a matter of its breadth, and another rule's.
        if isinstance(answer, Yes) and not isinstance(allows([document], _ACTION, f"{arn}-another"), Yes):
            message = f"the role of the function {function.name!r} may invoke the function itself"
            found = held.placed.finding(answer.path, message, witness=answer.witness)
            yield replace(found, urn=held.giver.urn, path=held.property or found.path)
            return


def _arns(function: Resource, document: Document) -> Sequence[str]:
    """The function's ARN; where only its name is known yet, the ARNs in the document that end in it."""
    arn, name = function["arn"].text, function["name"].text
    named = (
        resource
        for statement in document.statements
        for resource in statement.resources or ()
        if isinstance(resource, str) and name and resource.endswith(f":function:{name}")
    )
    return [arn] if arn else list(dict.fromkeys(named))


RULE = StackRule(
    id="function-role-may-invoke-itself",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A function's own role may invoke the function",
    why="The permission is on the wrong identity: the caller does not get it, and code in the function can start itself over and over.",
    fix="Attach the invoke policy to the role or user that calls the function, not to the function's own role.",
    types=(_FUNCTION,),
    check=check,
)
