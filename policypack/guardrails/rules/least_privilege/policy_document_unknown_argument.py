"""A call of `get_policy_document` has an argument that the function does not know."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Evidence, Finding, Severity
from ...model import Context
from ...rule import Program, ProgramRule


def check(program: Program, context: Context) -> Iterator[Finding]:
    for unknown in program.unknown_arguments:
        meant = f": it is called `{unknown.suggestion}`" if unknown.suggestion else ""
        yield Finding(
            path=unknown.path,
            message=f"{unknown.function} knows no argument `{unknown.argument}`{meant}",
            fix=f"Write `{unknown.suggestion}` in place of `{unknown.argument}`." if unknown.suggestion else "",
            evidence=Evidence.PROGRAM,
            source=unknown.source,
        )


RULE = ProgramRule(
    id="policy-document-unknown-argument",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A policy document is built from an argument that does not exist",
    why="What the argument was meant to say is not in the document: a grant without its condition, or a document that AWS refuses.",
    fix="Use the function's own names: sid, effect, actions, not_actions, resources, principals, conditions.",
    check=check,
)
