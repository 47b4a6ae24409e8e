"""What the rules on the trust policies of roles share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..aws.answers import Answer, Undecided, Yes
from ..aws.document import Effect, Statement
from ..aws.questions import anyone_may_assume
from ..aws.trust import any_service, unsound
from ..aws.trust_actions import unserved
from ..aws.trust_by_id import admitted_by_id
from ..findings import Finding, Outcome
from ..model import Resource
from .aws_documents import Placed, trust_documents


def cause(placed: Placed, path: str) -> str:
    """The statement that a place inside a trust document lies in.

    A document that cannot be read at all counts as its statements, so that the rules on trust wait for it once, and the
    rules on tokens, which are another concern, once more.
    """
    around = (each.path for each in placed.document.statements if f"{path}.".startswith(f"{each.path}."))
    return placed.place(next(around, "") or "Statement")


def trust_statements(resource: Resource) -> Iterator[tuple[Placed, Statement]]:
    """The statements of a role's trust policy that allow, or may do so."""
    for placed in trust_documents(resource):
        for statement in placed.document.statements:
            if statement.effect is not Effect.DENY:
                yield placed, statement


def unless_said(placed: Placed, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a rule on the whole stack, without those on statements that mean worse by themselves.

    The engine asks about each resource and about the stack apart, so a rule on the stack hears nothing of what the
    rules on one role have said, and cannot yield to them otherwise.
    """
    certain, doubtful = _said(placed)
    for one in findings:
        if one.cause not in certain and not (one.outcome is Outcome.UNDECIDED and one.cause in doubtful):
            yield one


def _said(placed: Placed) -> tuple[set[str], set[str]]:
    """The causes of what the rules on one role find in its trust policy, and of what they leave open."""
    certain: set[str] = set()
    doubtful: set[str] = set()
    answers: list[tuple[str, Answer | None]] = [
        (answer.path, answer)
        for answer in (placed.ask(anyone_may_assume), placed.ask(any_service), *placed.ask(admitted_by_id))
        if isinstance(answer, (Yes, Undecided))
    ]
    answers += [(each.statement.path, each.answer) for each in placed.ask(unsound)]
    for path, answer in answers:
        (doubtful if isinstance(answer, Undecided) else certain).add(cause(placed, path))
    for statement in placed.document.statements:
        negative = statement.not_principals is not None or statement.not_actions is not None
        if statement.effect is Effect.ALLOW and (negative or unserved(statement)):
            certain.add(cause(placed, statement.path))
    return certain, doubtful
