"""A function's own role may invoke the function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ...aws.answers import Answer, No, Undecided, Yes, first
from ...aws.document import Document
from ...aws.questions import allows
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack
from ...rule import StackRule
from ..aws_documents import ROLE
from ..identities import JOINED_TYPES, Held, identities

_FUNCTION: Final = "aws:lambda/function:Function"
_ACTIONS: Final = ("lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:InvokeAsync")


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    held = {one.resource.urn: one.held for one in identities(stack) if one.resource is not None}
    for function in stack.of_type([_FUNCTION]):
        for role in stack.targets(function, "role", [ROLE], ["arn"]):
            yield from _judge(function, held.get(role.urn, ()))


def _judge(function: Resource, held: Sequence[Held]) -> Iterator[Finding]:
    """At most one finding for a function: the first document that lets its role invoke it, else what is in doubt."""
    documents = [one.placed.document for one in held]
    answer = first(_answers(function, documents))
    if isinstance(answer, No):
        return
    one = held[answer.document] if isinstance(answer, Yes) else _holder(held, answer)
    message = f"the role of the function {function.name!r} may invoke the function itself"
    question = f"the role of the function {function.name!r} may invoke it"
    for found in one.placed.findings(answer, message, question):
        yield replace(found, urn=one.giver.urn, path=one.key or found.path)


def _answers(function: Resource, documents: Sequence[Document]) -> Iterator[Answer]:
    for arn in _arns(function, documents):
        for action in _ACTIONS:
            answer = allows(documents, action, arn)
            # A grant on functions at large is a matter of its breadth, and another rule's.
            if not isinstance(answer, No) and not isinstance(allows(documents, action, _another(arn)), Yes):
                yield answer


def _holder(held: Sequence[Held], answer: Undecided) -> Held:
    """The document that the doubt comes from: the first that has the place it names, or cannot be read at all."""
    return next(
        (
            one
            for one in held
            if one.placed.document.holes and any(answer.path.startswith(hole) for hole in one.placed.document.holes)
        ),
        held[0],
    )


def _another(arn: str) -> str:
    """The ARN of a function that nobody speaks of, with the same qualifier."""
    parts = arn.split(":")
    return ":".join([*parts[:6], f"{parts[6]}-another", *parts[7:]]) if len(parts) > 6 else f"{arn}-another"


def _arns(function: Resource, documents: Sequence[Document]) -> Sequence[str]:
    """The ARNs of the function, unqualified and qualified.

    Where only its name is known yet, the ARNs are those in the documents that hold the name; where none does, one with
    an account and a region of nobody's, which only a wide or an unread grant can reach.
    """
    arn, name = function["arn"].text, function["name"].text
    written = [
        resource
        for document in documents
        for statement in document.statements
        for resource in statement.resources or ()
        if isinstance(resource, str)
    ]
    if arn:
        qualified = [resource.replace("*", "any") for resource in written if resource.startswith(f"{arn}:")]
        return list(dict.fromkeys([arn, *qualified]))
    named = [resource for resource in written if name and resource.split(":")[5:7] == ["function", name]]
    concrete = [resource.replace("*", "any") for resource in dict.fromkeys(named)]
    return concrete or [f"arn:aws:lambda:any-region:000000000000:function:{name or function.name}"]


RULE = StackRule(
    id="function-role-may-invoke-itself",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A function's own role may invoke the function",
    why="The permission is on the wrong identity: the caller does not get it, and code in the function can start itself over and over.",
    fix="Attach the invoke policy to the role or user that calls the function, not to the function's own role.",
    types=(_FUNCTION, *JOINED_TYPES),
    check=check,
)
