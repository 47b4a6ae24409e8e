"""Answers to questions about documents: yes with a witness, no, or undecided with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .evaluate import Request


@dataclass(frozen=True)
class Witness:
    """A concrete request that the documents allow, and what is special about it."""

    request: Request
    note: str = ""

    def to_json(self) -> dict[str, object]:
        """The request as the report's JSON: principal, action, resource, context."""
        context = {
            key: list(value) if isinstance(value, tuple) else value for key, value in self.request.context.items()
        }
        return {
            "principal": self.request.principal.name,
            "action": self.request.action,
            "resource": self.request.resource,
            "context": context,
        }

    def __str__(self) -> str:
        """One line such as `anonymous may s3:GetObject on arn:aws:s3:::data/any-object`."""
        shown = []
        for key, value in self.request.context.items():
            shown.append(f"{key} = {value if isinstance(value, str) else ', '.join(value)}")
        given = f" with {'; '.join(shown)}" if shown else ""
        note = f" ({self.note})" if self.note else ""
        return f"{self.request.principal.name} may {self.request.action} on {self.request.resource}{given}{note}"


@dataclass(frozen=True)
class Yes:
    """The documents allow it: `witness` replays as allowed. `path` lies in the document with that index."""

    witness: Witness
    path: str
    document: int = 0


@dataclass(frozen=True)
class No:
    """No request of the kind asked for is allowed; every class of requests was ruled out."""


@dataclass(frozen=True)
class Undecided:
    """The answer hangs on something that cannot be read, or that lies past the search budget."""

    reason: str
    path: str


Answer = Yes | No | Undecided


def first(answers: Iterable[Answer]) -> Answer:
    """The first Yes, after which no more answers are asked for; else the first Undecided, else No."""
    found: Answer = No()
    for each in answers:
        if isinstance(each, Yes):
            return each
        if isinstance(found, No):
            found = each
    return found


@dataclass(frozen=True)
class Found:
    """An allowed request, and the actions for which there is one like it."""

    answer: Yes
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Doubt:
    """Why it cannot be told whether a statement (its document and path) grants more than was found."""

    document: int
    statement: str
    reason: Undecided


@dataclass(frozen=True)
class Survey:
    """All that was found, one request for each class of actions, and the first doubt left for each statement."""

    found: tuple[Found, ...]
    doubts: tuple[Doubt, ...]
